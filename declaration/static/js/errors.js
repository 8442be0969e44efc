/**
 * One kind of error for everything that these modules refuse on purpose.
 *
 * `code` is stable and is the key of the words in `strings.js` (a page may translate them); `values` fills the places in
 * those words. The message of the exception itself is for the console only. Nothing else is thrown on purpose, so an
 * error that is not a Refusal is a defect and is shown as one.
 */

export class Refusal extends Error {
  /**
   * @param {string} code key of the words in strings.js, such as "backup.wrong-passphrase"
   * @param {Record<string, string|number>} [values] what fills the {places} of those words
   * @param {string} [evidence] text that the person may hand to somebody who examines the matter
   */
  constructor(code, values = {}, evidence = "") {
    super(`${code} ${JSON.stringify(values)}`);
    this.name = "Refusal";
    this.code = code;
    this.values = values;
    this.evidence = evidence;
  }
}
