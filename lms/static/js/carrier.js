// Progress as a text file: made, checked and read. Twin of lms/sync/over_file.py.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const FIRST = "CHASKI AVANCE 1";
  const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
  const MONTHS = ["ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "set", "oct", "nov", "dic"];
  const carrier = (lms.carrier = {});

  carrier.LIMIT = 8 * 1024 * 1024; // as the server

  carrier.LARGE = "El archivo es demasiado grande para ser de avance. Elige el que termina en .txt.";
  // The number is there for people and proves nothing, but tells where to go.
  carrier.closed = (text) => "Este archivo está cerrado: solo lo puede abrir el servidor " +
    (/^# Cerrado: [^\d\n]*((\d{5}-){3}\d{5})\b/m.exec(text) || ["", "para el que se hizo"])[1] + ". Súbelo allí, " +
    "o guarda tu avance otra vez, con «Para otro equipo mío, abierto», y trae ese.";

  carrier.NAMELESS = "Sin nombre"; // holds the name's place in a heading

  carrier.day = (date) => date.getDate() + " " + MONTHS[date.getMonth()] + " " + date.getFullYear();

  // events' exact lines → the file's text. about: {name, course, date}
  carrier.build = (lines, about) => {
    const title = [about.name, about.course, carrier.day(about.date), lines.length + (lines.length === 1 ? " registro" : " registros")];
    const head = [
      FIRST,
      "# Avance de " + title.filter(Boolean).join(" · ").replace(/\s+/g, " "),
      "# No cambies este archivo. Súbelo en «Mi avance», o entrégalo a tu acompañante.",
    ];
    const text = head.concat(lines).join("\n") + "\n";
    return text + "SHA256 " + lms.sha256(text) + "\n";
  };

  // The file's text → its lines; throws an Error with a sentence for people.
  // A mark at the start and Windows line ends come from editors and mail; they change nothing.
  carrier.parse = (text) => {
    if (text.length > carrier.LIMIT) throw new Error(carrier.LARGE);
    // trim(), as a pattern for the blanks at an end takes the square of their number; "." keeps those at the start.
    const plain = ("." + text.replace(/^\ufeff/, "").replace(/\r\n/g, "\n")).trim().slice(1) + "\n";
    if (plain.trim() === "") throw new Error("El archivo está vacío. Guárdalo otra vez y vuelve a traerlo.");
    if (plain.indexOf("CHASKI AVANCE ") !== 0) throw new Error("Este archivo no es de avance. Busca el que guardaste con «Guardar mi avance en un archivo».");
    if (plain.indexOf("CHASKI AVANCE 2\n") === 0) throw new Error(carrier.closed(plain));
    if (plain.indexOf(FIRST + "\n") !== 0) throw new Error("Este archivo viene de una versión más nueva. Ábrelo con el curso actualizado.");
    const end = /(?:^|\n)SHA256 ([0-9a-f]{64})\n$/.exec(plain);
    if (!end) throw new Error("El archivo está incompleto. Cópialo o guárdalo otra vez.");
    const body = plain.slice(0, plain.lastIndexOf("SHA256 "));
    if (lms.sha256(body) !== end[1]) throw new Error("El archivo cambió después de guardarse. Guárdalo otra vez, sin abrirlo para editar.");
    return body.split("\n").slice(1).filter((line) => line && line[0] !== "#");
  };

  const isObject = (some) => Object.prototype.toString.call(some) === "[object Object]";
  const areResults = (some) => isObject(some) && Object.keys(some).every((item) => Array.isArray(some[item]) && some[item].length === 2);
  const isReplaced = ({ after }) => after === undefined || Array.isArray(after);
  // What is read part by part must have those parts, or whoever reads it stops there.
  const PARTS = {
    "assessment.submitted": ({ answers }) => Array.isArray(answers) && answers.every(isObject),
    "progress.reported": ({ lessons, exercises, assessments, answers }) =>
      [lessons, answers].every(isObject) && [exercises, assessments].every(areResults),
    "lesson.bookmarked": isReplaced,
    "note.written": isReplaced,
  };
  const hasParts = ({ v, type, data }) => isObject(data) && (v > 1 || !PARTS[type] || PARTS[type](data));

  // Lines → records for the store; a line that is no event, or that no server takes for what it lacks, is left out.
  carrier.records = (lines) =>
    lines.map((line) => {
      try {
        const event = JSON.parse(line);
        if (![event.id, event.profile, event.device].every((id) => UUID.test(id)) || !hasParts(event)) return null;
        return Object.assign(lms.record(event), { line });
      } catch (error) {
        return null;
      }
    }).filter(Boolean);

  // The name a profile last gave itself.
  carrier.nameOf = (records, profile) =>
    records.filter((record) => record.profile === profile).map((record) => JSON.parse(record.line))
      .filter((event) => event.type === "profile.identified" && event.data)
      .sort((a, b) => (a.id < b.id ? -1 : 1)).map((event) => String(event.data.name || "")).pop() || "";

  // The name that a file's heading says, as a site that knows the person writes it: before course, if any, day and count.
  carrier.heading = (text) => {
    const parts = (/^# Avance de (.*)$/m.exec(text) || ["", ""])[1].trim().split(" · ");
    return parts.length > 2 && parts[0] !== carrier.NAMELESS ? parts[0].slice(0, 80) : "";
  };

  carrier.fileName = (name, date) => {
    const plain = name.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/[^a-z0-9]+/g, "-").slice(0, 30);
    const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, "0"));
    return ["avance", plain.replace(/^-|-$/g, "")].concat(day).filter(Boolean).join("-") + ".txt";
  };
})(typeof window === "undefined" ? global : window);
