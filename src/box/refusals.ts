/** What cannot be rendered, with the code of the part that says so. */
export class RenderRefusal extends Error {
  readonly code: string;
  readonly where: string;

  constructor(code: string, where: string) {
    super(code);
    this.code = code;
    this.where = where;
  }
}
