import { FileAddOutlined, FolderOpenOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { Mirror } from '../../../ui/mirror.tsx';
import { useWords } from '../../../words/words.ts';
import { type Taken, takeChosen, takeDropped } from './taken-files.ts';

/** Takes files from everywhere: dropped on any spot of the page, chosen, a whole folder, pasted. */
export function DropZone(props: {
  small: boolean;
  about: string;
  /** What happens when one lets go. */
  now: string;
  chooser: RefObject<HTMLInputElement | null>;
  onFiles: (files: Taken[]) => void;
  onPastedText: (text: string) => void;
}) {
  const { small, about, now, chooser, onFiles, onPastedText } = props;
  const say = useWords();
  const folder = useRef<HTMLInputElement>(null);
  const over = usePageDrop(onFiles);
  usePaste(onFiles, onPastedText);
  return (
    <div className={`zone${small ? ' zone-small' : ''}${over ? ' zone-over' : ''}`}>
      <Mirror sizePx={small ? 36 : 64} />
      <div className="zone-words">
        <p className="zone-title">{over ? now : say(touch ? 'screening.drop.choose' : 'screening.drop.here')}</p>
        <p className="quiet">{about}</p>
      </div>
      <div className="zone-ways">
        <Button type="primary" icon={<FileAddOutlined />} onClick={() => chooser.current?.click()}>
          {say('screening.drop.files')}
        </Button>
        <Button icon={<FolderOpenOutlined />} onClick={() => folder.current?.click()} className="zone-folder">
          {say('screening.drop.folder')}
        </Button>
      </div>
      <input
        ref={chooser}
        type="file"
        multiple
        hidden
        data-testid="files"
        onChange={({ target }) => {
          onFiles(takeChosen(target.files ?? []));
          // The same file may be chosen again.
          target.value = '';
        }}
      />
      <input
        ref={(element) => {
          folder.current = element;
          element?.setAttribute('webkitdirectory', '');
        }}
        type="file"
        hidden
        onChange={({ target }) => {
          onFiles(takeChosen(target.files ?? []));
          target.value = '';
        }}
      />
    </div>
  );
}

/** Nobody drags a file with a finger. */
const touch = matchMedia('(pointer: coarse)').matches;

/** True while files hang over the page. */
function usePageDrop(onFiles: (files: Taken[]) => void): boolean {
  const [over, setOver] = useState(false);
  const latest = useLatest(onFiles);
  useEffect(() => {
    let depth = 0;
    const holdsFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
    const enter = (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      depth += 1;
      setOver(true);
    };
    const leave = (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    };
    const allow = (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
    };
    const drop = (event: DragEvent) => {
      if (!event.dataTransfer || !holdsFiles(event)) return;
      event.preventDefault();
      depth = 0;
      setOver(false);
      void takeDropped(event.dataTransfer).then((files) => latest.current(files));
    };
    window.addEventListener('dragenter', enter);
    window.addEventListener('dragleave', leave);
    window.addEventListener('dragover', allow);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragenter', enter);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('dragover', allow);
      window.removeEventListener('drop', drop);
    };
  }, [latest]);
  return over;
}

function usePaste(onFiles: (files: Taken[]) => void, onText: (text: string) => void): void {
  const files = useLatest(onFiles);
  const text = useLatest(onText);
  useEffect(() => {
    const paste = ({ clipboardData, target }: ClipboardEvent) => {
      if (!clipboardData) return;
      if (clipboardData.files.length > 0) files.current(takeChosen(clipboardData.files));
      else if (!(target instanceof HTMLElement && target.closest('input, textarea'))) {
        text.current(clipboardData.getData('text/plain'));
      }
    };
    window.addEventListener('paste', paste);
    return () => window.removeEventListener('paste', paste);
  }, [files, text]);
}

function useLatest<T>(value: T): RefObject<T> {
  const latest = useRef(value);
  useEffect(() => {
    latest.current = value;
  });
  return latest;
}
