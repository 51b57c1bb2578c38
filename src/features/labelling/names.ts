/** `clip.mp4` becomes `clip.labelled.mp4`: beside the original one sees which is which. */
export function labelledName(name: string): string {
  const dot = name.lastIndexOf('.');
  // A file that begins with its only dot has no ending; nor is one that is long.
  const hasEnding = dot > 0 && name.length - dot <= 12;
  return hasEnding ? `${name.slice(0, dot)}.labelled${name.slice(dot)}` : `${name}.labelled`;
}

/** C2PA 2.x, 11.5: beside the asset, under its name, as `clearmirror label` names it. */
export function sidecarName(name: string): string {
  return `${labelledName(name)}.c2pa`;
}
