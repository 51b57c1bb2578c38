/** A file with the name it goes by: in a folder, the way there. */
export interface Taken {
  file: File;
  name: string;
}

/** More would not be a drop but a migration; the command line and the API take those. */
export const mostFiles = 2000;

/** Everything in what was dropped, folders included. Reads the list at once: after the event it is empty. */
export async function takeDropped(data: DataTransfer): Promise<Taken[]> {
  const entries = [...data.items].flatMap((item) => {
    const entry = item.kind === 'file' ? item.webkitGetAsEntry() : null;
    return entry ? [entry] : [];
  });
  if (entries.length === 0) return takeChosen(data.files);
  const taken: Taken[] = [];
  for (const entry of entries) await walk(entry, taken);
  return taken;
}

export function takeChosen(files: FileList | readonly File[]): Taken[] {
  return [...files]
    .slice(0, mostFiles)
    .map((file) => ({ file, name: nameFor(file.webkitRelativePath === '' ? file.name : file.webkitRelativePath) }))
    .filter(({ name }) => !isClutter(name));
}

async function walk(entry: FileSystemEntry, taken: Taken[]): Promise<void> {
  if (taken.length >= mostFiles || isClutter(entry.name)) return;
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    taken.push({ file, name: nameFor(entry.fullPath.replace(/^\//, '')) });
    return;
  }
  if (!isFolder(entry)) return;
  const reader = entry.createReader();
  // A reader hands out a hundred at a time and says that it is done with an empty list.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return;
    for (const one of some) await walk(one, taken);
  }
}

/** The server takes 500 characters; the file's own name is at the end. */
function nameFor(path: string): string {
  return path.length > 500 ? path.slice(-500) : path;
}

/** What file managers leave in folders. */
function isClutter(path: string): boolean {
  return /(^|\/)(\.DS_Store|Thumbs\.db|desktop\.ini|\._[^/]*)$/i.test(path);
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}
