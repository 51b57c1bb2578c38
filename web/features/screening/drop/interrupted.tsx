import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { defaultOptions, type PreviousUpload, Upload } from 'tus-js-client';
import { callHeaders } from '../../../api/api.ts';
import { Note } from '../../../ui/note.tsx';
import { useLang, useWords } from '../../../words/words.ts';
import { bytes } from '../figures.ts';
import { Foreign } from '../sentence.tsx';
import { rememberBatch } from './batches.ts';
import type { Purpose, Sending } from './sending.ts';
import { fingerprintsOf, whatArrived } from './transport.ts';

/** Uploads of an earlier visit that did not come to their end. A browser does not keep the files: the person chooses them again. */
export function Interrupted(props: {
  organisation: string;
  person: string;
  purpose: Purpose;
  sendings: readonly Sending[];
  onChoose: () => void;
}) {
  const { organisation, person, purpose, sendings, onChoose } = props;
  const say = useWords();
  const lang = useLang();
  const client = useQueryClient();
  const { data: all = [] } = useQuery({
    queryKey: ['uploads', organisation, person, purpose],
    queryFn: () => findInterrupted(organisation, person, purpose),
    staleTime: 0,
  });
  const open = all.filter(({ name, size }) => !sendings.some((one) => one.name === name && one.bytes === size));
  if (open.length === 0) return null;
  const discard = async ({ previous }: InterruptedUpload) => {
    await defaultOptions.urlStorage.removeUpload(previous.urlStorageKey);
    if (previous.uploadUrl) {
      const { 'idempotency-key': _, ...headers } = callHeaders('DELETE');
      await Upload.terminate(previous.uploadUrl, { headers }).catch(() => undefined);
    }
    await client.invalidateQueries({ queryKey: ['uploads'] });
  };
  return (
    <Note kind="care" title={say('screening.interrupted', { count: open.length })}>
      <p>{say('screening.interrupted.what')}</p>
      <ul className="interrupted">
        {open.map((one) => (
          <li key={one.previous.urlStorageKey}>
            <span className="interrupted-name">
              <Foreign text={one.name} most={120} />
            </span>
            <span className="quiet">
              {say('screening.interrupted.here', { here: bytes(lang, one.received), all: bytes(lang, one.size) })}
            </span>
            <Button size="small" type="text" onClick={() => void discard(one)}>
              {say('screening.interrupted.discard')}
            </Button>
          </li>
        ))}
      </ul>
      <Button size="small" onClick={onChoose}>
        {say('screening.interrupted.choose')}
      </Button>
    </Note>
  );
}

interface InterruptedUpload {
  previous: PreviousUpload;
  name: string;
  size: number;
  received: number;
}

async function findInterrupted(organisation: string, person: string, purpose: Purpose): Promise<InterruptedUpload[]> {
  const kept = await defaultOptions.urlStorage.findAllUploads();
  const mine = kept.filter(({ urlStorageKey }) =>
    urlStorageKey.startsWith(`tus::${fingerprintsOf(organisation, person, purpose)}`),
  );
  const looked = await Promise.all(
    mine.slice(0, 50).map(async (previous) => ({ previous, here: await whatArrived(previous) })),
  );
  const open: InterruptedUpload[] = [];
  for (const { previous, here } of looked) {
    if (here && here.screening === null) {
      open.push({ previous, name: previous.metadata['name'] ?? here.name, size: here.bytes, received: here.received });
      continue;
    }
    // Abandoned too long ago, or complete: then its row stands in its batch.
    const { batch } = previous.metadata;
    if (here && batch !== undefined) rememberBatch(organisation, batch);
    if (here) await defaultOptions.urlStorage.removeUpload(previous.urlStorageKey);
  }
  return open;
}
