// QR codes in a photo, read by the browser where it can (BarcodeDetector): their text goes into a field, the photo nowhere.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const NONE = "No encontramos ningún QR en la foto. Toma otra de cerca, con luz y sin moverte, o pega el código.";

  const canRead = async () => {
    try {
      return Boolean(root.BarcodeDetector) && (await root.BarcodeDetector.getSupportedFormats()).indexOf("qr_code") >= 0;
    } catch (error) {
      return false;
    }
  };

  async function textsIn(file) {
    try {
      const codes = await new root.BarcodeDetector({ formats: ["qr_code"] }).detect(await root.createImageBitmap(file));
      return codes.map((code) => code.rawValue);
    } catch (error) {
      return []; // no picture, or one that this browser does not open
    }
  }

  // Puts what the photos chosen in `input` say into `field`, and into `said` what became of it. `other` reads what this
  // browser cannot: then the photos stay chosen.
  async function read(input, field, said, other) {
    const lists = await Promise.all(Array.from(input.files).map(textsIn));
    const texts = [].concat(...lists);
    if (!texts.length) {
      said.textContent = other ? "" : NONE;
      return;
    }
    field.value = [field.value].concat(texts).filter(Boolean).join("\n");
    if (lists.every((list) => list.length)) input.value = "";
    said.textContent = texts.length === 1 ? "Leímos el código de la foto." : "Leímos " + texts.length + " códigos.";
  }

  // Whether this browser reads photos; if so, a photo chosen in `input` fills `field`.
  lms.photo = async (input, field, said, other) => {
    const can = await canRead();
    const go = () => read(input, field, said, other);
    if (can) input.addEventListener("change", go);
    if (can && input.files.length) go(); // it was chosen before this page knew what its browser can
    return can;
  };

  lms.on("ready", () => lms.hooks("photo").forEach(async (block) => {
    const server = !block.hidden;
    const field = root.document.getElementById(block.dataset.into);
    if (!(await lms.photo(block.querySelector("input"), field, block.querySelector("[role=status]"), server))) return;
    block.hidden = false;
    lms.hooks("no-photo").forEach((words) => { words.hidden = true; });
  }));
})(typeof window === "undefined" ? global : window);
