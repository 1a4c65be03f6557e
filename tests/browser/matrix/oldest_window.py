"""The window of an old Chromium, in the Python that has it: reads one command a line, answers with one line.

Run as a program of its own, never imported by a test: Qt's libraries want the main thread and the process.
"""

from __future__ import annotations

import json
import sys
import threading

from PyQt5 import sip
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


class Window:
    """One page on a profile of its own."""

    def __init__(self, application: QApplication, profile_folder: str, downloads: str) -> None:
        self.application, self.downloads = application, downloads
        self.opening = False
        profile = QWebEngineProfile("perfil")
        profile.setPersistentStoragePath(profile_folder)
        profile.setCachePath(profile_folder + "/cache")
        profile.setPersistentCookiesPolicy(QWebEngineProfile.ForcePersistentCookies)
        profile.setHttpAcceptLanguage("es-PE,es")
        profile.downloadRequested.connect(self.keep)
        self.profile, self.view = profile, QWebEngineView()
        self.page = Page(
            profile, self.view
        )  # alone, Qt takes the profile for a parent, and the common profile
        self.page.loadFinished.connect(self.loaded)
        self.page.pdfPrintingFinished.connect(lambda file, whole: self.answer(whole))
        self.view.setPage(self.page)
        self.view.resize(360, 740)
        self.view.show()

    def keep(self, item) -> None:  # type: ignore[no-untyped-def]
        item.setPath(self.downloads + "/" + item.path().rpartition("/")[2])
        item.accept()

    def answer(self, worth: object) -> None:
        sys.stdout.write(json.dumps(worth) + "\n")
        sys.stdout.flush()

    def loaded(self, whole: bool) -> None:
        if self.opening:
            self.opening = False
            self.answer(whole)

    def obey(self, line: str) -> None:
        command, told = json.loads(line)
        if command == "open":
            self.opening = True
            self.page.load(QUrl(told))
        elif command == "run":
            self.page.runJavaScript(told, self.answer)
        elif command == "touch":
            QTest.mouseClick(self.view.focusProxy(), Qt.LeftButton, Qt.NoModifier, QPoint(*told))
            self.answer(True)
        elif command == "print":
            self.page.printToPdf(told)
        else:
            self.application.quit()

    def close(self) -> None:
        """Take everything down in order, as a browser does: cookies and `localStorage` reach the disk only then."""
        for part in (self.page, self.view, self.profile):
            sip.delete(part)


def main(profile_folder: str, downloads: str) -> None:
    application = QApplication(["curso"])
    window, ears = Window(application, profile_folder, downloads), Ears()
    ears.heard.connect(window.obey)
    threading.Thread(target=ears.listen, daemon=True).start()
    application.exec_()
    window.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
