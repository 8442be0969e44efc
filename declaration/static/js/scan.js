/**
 * Reading a code with the camera of a tablet or a telephone, where the browser can:
 *
 *   <div data-scan="id of a field" hidden><button type="button" data-scan-start>…</button>
 *     <video data-scan-view hidden></video><p data-scan-failed hidden>…</p></div>
 *
 * What was read is put into the field and its form is sent. No picture leaves the device, and the camera stops with the first code, a
 * second press, or the page. Browsers without a reader of codes never show the button; a scanner that types needs none of this.
 */

const EVERY_MS = 200;

/** @typedef {{detect: (from: HTMLVideoElement) => Promise<{rawValue: string}[]>}} Detector */

class Scan {
  /** @param {HTMLElement} place @param {Detector} detector */
  constructor(place, detector) {
    this.place = place;
    this.detector = detector;
    this.view = /** @type {HTMLVideoElement} */ (place.querySelector("[data-scan-view]"));
    this.failed = /** @type {HTMLElement} */ (place.querySelector("[data-scan-failed]"));
    /** @type {MediaStream|null} */
    this.stream = null;
    this.timer = 0;
    place.querySelector("[data-scan-start]")?.addEventListener("click", () => (this.stream ? this.stop() : this.start()));
    addEventListener("pagehide", () => this.stop());
    place.hidden = false;
  }

  async start() {
    this.failed.hidden = true;
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
      this.view.srcObject = this.stream;
      this.view.hidden = false;
      await this.view.play();
      this.look();
    } catch {
      this.stop(); // no camera, or not allowed: said, and the field is there
      this.failed.hidden = false;
    }
  }

  look() {
    this.timer = setTimeout(async () => {
      const found = await this.detector.detect(this.view).catch(() => []);
      if (!this.stream) return;
      if (found.length) this.read(found[0].rawValue);
      else this.look();
    }, EVERY_MS);
  }

  /** @param {string} text */
  read(text) {
    this.stop();
    const field = /** @type {HTMLInputElement|null} */ (document.getElementById(this.place.dataset.scan ?? ""));
    if (!field?.form) return;
    field.value = text;
    field.form.requestSubmit();
  }

  stop() {
    clearTimeout(this.timer);
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
    this.view.srcObject = null;
    this.view.hidden = true;
  }
}

const place = /** @type {HTMLElement|null} */ (document.querySelector("[data-scan]"));
const Reader = /** @type {{BarcodeDetector?: new (options: {formats: string[]}) => Detector}} */ (globalThis).BarcodeDetector;
if (place && Reader && navigator.mediaDevices) new Scan(place, new Reader({ formats: ["qr_code"] }));
