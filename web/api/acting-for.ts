/**
 * The organisation that this tab acts for: sent with each call as `Clearmirror-Organisation`. Two tabs may act for two.
 * A new tab begins with the one used last on this machine.
 */
export function actingFor(): string | null {
  return sessionStorage.getItem(key) ?? localStorage.getItem(key);
}

export function actFor(organisation: string | null): void {
  if (organisation === null) {
    sessionStorage.removeItem(key);
    localStorage.removeItem(key);
    return;
  }
  sessionStorage.setItem(key, organisation);
  localStorage.setItem(key, organisation);
}

const key = 'clearmirror.organisation';
