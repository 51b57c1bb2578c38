import { useMutation } from '@tanstack/react-query';
import { Button } from 'antd';
import type { Screening } from '../../../../src/contract/screenings.ts';
import { useMay } from '../../../api/me.ts';
import { ProblemNote } from '../../../ui/problem-note.tsx';
import { Time } from '../../../ui/time.tsx';
import { useWords, words } from '../../../words/words.ts';
import { retryScreening } from '../calls.ts';
import { Progress } from '../drop/progress.tsx';
import { useReadAgain } from '../read-again.ts';
import { Foreign, Sentence } from '../sentence.tsx';

/** Stages of an examination in their order, as a person would tell them. */
const stages: readonly Stage[] = ['sniff', 'labels', 'provenance', 'decode', 'hash'];
type Stage = NonNullable<Screening['progress']>['stage'];

/** A screening that has no verdict yet: how far it is, moving by itself. */
export function UnderWay({ screening }: { screening: Screening }) {
  const say = useWords();
  const { state, progress } = screening;
  const stage = progress?.stage ?? 'start';
  const reached = stages.indexOf(stage);
  return (
    <section className="waiting-verdict" aria-live="polite">
      <p className="verdict-sentence">
        {say(state === 'queued' ? 'screening.queued.title' : 'screening.examining.title')}
      </p>
      <Progress
        share={progress?.share ?? 0}
        text={say(state === 'queued' ? 'screening.queued' : `screening.stage.${stage}`)}
      />
      {state === 'examining' && stage !== 'fetch' && (
        <ol className="stages">
          {stages.map((one, at) => (
            <li
              key={one}
              className={at < reached ? 'is-past' : at === reached ? 'is-now' : ''}
              aria-current={at === reached ? 'step' : undefined}
            >
              {say(`screening.stage.${one}`)}
            </li>
          ))}
        </ol>
      )}
      <p className="quiet">{say('screening.under-way.about')}</p>
    </section>
  );
}

/** No record came: why, what was kept, what to do. */
export function Failed({ screening }: { screening: Screening }) {
  const say = useWords();
  const may = useMay('administrator', 'assessor', 'engineer', 'clerk', 'examiner', 'director');
  const readAgain = useReadAgain();
  const again = useMutation({ mutationFn: () => retryScreening(screening.id), onSuccess: readAgain });
  const { failure, doneAt } = screening;
  const next = failure && words.exists(`next.${failure.code}`) ? `next.${failure.code}` : null;
  return (
    <section className="failed">
      <p className="verdict-word">{say('screening.state.failed')}</p>
      <p className="verdict-sentence">
        {failure ? <Sentence of={`problem.${failure.code}`} params={failure.params} /> : say('screening.failed')}
      </p>
      {failure && next && (
        <p>
          <Sentence of={next} params={failure.params} />
        </p>
      )}
      {screening.address !== null && (
        <p className="quiet failed-address">
          <Foreign text={screening.address} most={500} />
        </p>
      )}
      {doneAt !== null && (
        <p className="quiet">
          <Time at={doneAt} />
        </p>
      )}
      {again.error && <ProblemNote error={again.error} />}
      {may && screening.mediaRemovedAt === null && (
        <Button type="primary" loading={again.isPending} onClick={() => again.mutate()}>
          {say('screening.retry')}
        </Button>
      )}
    </section>
  );
}
