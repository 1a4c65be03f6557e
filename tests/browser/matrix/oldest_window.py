"""The window of an old Chromium, in the Python that has it: reads one command a line, answers with one line.

Run as a program of its own, never imported by a test: Qt's libraries want the main thread and the process.
"""

from __future__ import annotations

import json
import sys
import threading

from PyQt5.QtCore import QObject, QPoint, Qt, QUrl, pyqtSignal
from PyQt5.QtTest import QTest
from PyQt5.QtWebEngineWidgets import QWebEnginePage, QWebEngineProfile, QWebEngineView
from PyQt5.QtWidgets import QApplication


class Ears(QObject):
    """Commands come on a thread of their own and are obeyed on the window's."""

    heard = pyqtSignal(str)

    def listen(self) -> None:
        for line in sys.stdin:
            self.heard.emit(line)
        self.heard.emit('["close", ""]')


class Page(QWebEnginePage):
    """What a page says aloud goes to the error stream."""

    def javaScriptConsoleMessage(self, level, message, line, source):  # type: ignore[no-untyped-def]
        sys.stderr.write(f"{source}:{line} {message}\n")


def main(profile_folder: str, downloads: str) -> None:
    application = QApplication(["curso"])
    profile = QWebEngineProfile("perfil")
    profile.setPersistentStoragePath(profile_folder)
    profile.setCachePath(profile_folder + "/cache")
    profile.setPersistentCookiesPolicy(QWebEngineProfile.ForcePersistentCookies)
    profile.setHttpAcceptLanguage("es-PE,es")

    def keep(item) -> None:  # type: ignore[no-untyped-def]
        item.setPath(downloads + "/" + item.path().rpartition("/")[2])
        item.accept()

    profile.downloadRequested.connect(keep)
    view = QWebEngineView()
    page = Page(profile, view)  # with one argument Qt takes the profile for a parent, and the common profile
    view.setPage(page)
    view.resize(360, 740)
    view.show()

    def answer(worth: object) -> None:
        sys.stdout.write(json.dumps(worth) + "\n")
        sys.stdout.flush()

    opening: list[bool] = []

    def loaded(whole: bool) -> None:
        if opening:
            opening.clear()
            answer(whole)

    page.loadFinished.connect(loaded)
    page.pdfPrintingFinished.connect(lambda file, whole: answer(whole))

    def obey(line: str) -> None:
        command, told = json.loads(line)
        if command == "open":
            opening.append(True)
            page.load(QUrl(told))
        elif command == "run":
            page.runJavaScript(told, answer)
        elif command == "touch":
            QTest.mouseClick(view.focusProxy(), Qt.LeftButton, Qt.NoModifier, QPoint(*told))
            answer(True)
        elif command == "print":
            page.printToPdf(told)
        else:
            view.close()
            page.deleteLater()
            application.processEvents()
            application.quit()

    ears = Ears()
    ears.heard.connect(obey)
    threading.Thread(target=ears.listen, daemon=True).start()
    application.exec_()


if __name__ == "__main__":
    main(*sys.argv[1:])
