/** What was typed, without the space around it; null when that is nothing. */
export function typed(text: string | undefined): string | null {
  return text?.trim() || null;
}
