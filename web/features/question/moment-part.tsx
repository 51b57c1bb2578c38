import { Input, Select } from 'antd';
import type { Facts, MomentName } from '../../../src/contract/facts.ts';
import { useWords } from '../../words/words.ts';
import { OneOf } from './chips.tsx';
import { issuers, levels, momentGroups, readWhen, removalKinds, whenFacts, writeWhen } from './facts-table.ts';
import { Labelled } from './labelled.tsx';

/** What is about to happen or did happen, and when. */
export function MomentPart({
  facts,
  fixed,
  onChange,
}: {
  facts: Facts;
  /** The page was opened for one moment: only its day is asked. */
  fixed: boolean;
  onChange: (facts: Facts) => void;
}) {
  const say = useWords();
  const { event } = facts;
  const choose = (chosen: MomentName) => onChange({ ...facts, event: chosen });
  return (
    <div className="moment" id="fact-event">
      {!fixed &&
        (['launch', 'happened', 'otherwise'] as const).map((group) => (
          <OneOf<MomentName>
            key={group}
            name="event"
            label={say(`question.moments.${group}`)}
            of={momentGroups[group]}
            chosen={event}
            word={(moment) => say(`question.moment.${moment}`)}
            onChange={choose}
          />
        ))}
      {event !== undefined && whenFacts[event] !== null && <WhenField facts={facts} onChange={onChange} />}
      {event === 'authority-notice' && <NoticeFields facts={facts} onChange={onChange} />}
      {event === 'removal-request' && (
        <OneOf
          name="removal"
          label={say('fact.removalRequest.kind.ask')}
          of={removalKinds}
          chosen={facts.removalRequest?.kind}
          word={(kind) => say(`fact-word.${kind}`)}
          onChange={(kind) => onChange({ ...facts, removalRequest: { ...facts.removalRequest, kind } })}
        />
      )}
    </div>
  );
}

interface Part {
  facts: Facts;
  onChange: (facts: Facts) => void;
}

/** A day; for a removal request the minute, because its clock counts hours. */
function WhenField({ facts, onChange }: Part) {
  const say = useWords();
  const { event } = facts;
  if (event === undefined) return null;
  const fact = whenFacts[event];
  const exact = event === 'removal-request';
  const value = readWhen(facts) ?? '';
  return (
    <Labelled label={say(`question.when.${event}`)} fact={fact}>
      {(id) => (
        <Input
          id={id}
          type={exact ? 'datetime-local' : 'date'}
          value={exact ? toLocal(value) : value.slice(0, 10)}
          onChange={({ target }) => {
            const at = target.value === '' ? undefined : exact ? new Date(target.value).toISOString() : target.value;
            onChange(writeWhen(facts, at));
          }}
        />
      )}
    </Labelled>
  );
}

function NoticeFields({ facts, onChange }: Part) {
  const say = useWords();
  const notice = facts.authorityNotice;
  const write = (change: NonNullable<Facts['authorityNotice']>) =>
    onChange({ ...facts, authorityNotice: { ...notice, ...change } });
  return (
    <div className="notice-fields">
      <Labelled label={say('fact.authorityNotice.issuer')} fact="authorityNotice.issuer">
        {(id) => (
          <Select
            id={id}
            allowClear
            placeholder={say('question.unknown')}
            value={notice?.issuer ?? null}
            options={issuers.map((value) => ({ value, label: say(`fact-word.${value}`) }))}
            onChange={(issuer) => write({ issuer: issuer ?? undefined })}
          />
        )}
      </Labelled>
      <Labelled label={say('fact.authorityNotice.level')} fact="authorityNotice.level">
        {(id) => (
          <Select
            id={id}
            allowClear
            placeholder={say('question.unknown')}
            value={notice?.level ?? null}
            options={levels.map((value) => ({ value, label: say(`fact-word.${value}`) }))}
            onChange={(level) => write({ level: level ?? undefined })}
          />
        )}
      </Labelled>
    </div>
  );
}

/** A moment as the field of the browser wants it, in the reader's own time. */
function toLocal(at: string): string {
  if (at === '') return '';
  const date = new Date(at);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
