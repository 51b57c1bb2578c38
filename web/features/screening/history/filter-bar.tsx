import { ClearOutlined, SearchOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button, Input, Select } from 'antd';
import { type ReactNode, useEffect, useId, useState } from 'react';
import { api, ask } from '../../../api/api.ts';
import { useMe } from '../../../api/me.ts';
import { SignalMark } from '../../../ui/signal-mark.tsx';
import { useWords } from '../../../words/words.ts';
import { type Chosen, kinds, sources, states, words } from './filters-in-address.ts';

type Change = (part: Record<string, string | string[] | null>) => void;

/** Everything the list can be narrowed by. Verdicts are chips, since they are asked for most. */
export function FilterBar({ chosen, change, active }: { chosen: Chosen; change: Change; active: boolean }) {
  const say = useWords();
  const toggle = (word: string) => {
    const { verdict } = chosen.several;
    change({ verdict: verdict.includes(word) ? verdict.filter((one) => one !== word) : [...verdict, word] });
  };
  return (
    <search className="filters">
      <fieldset className="chips" aria-label={say('screening.filter.verdict')}>
        {words.map((word) => (
          <button
            key={word}
            type="button"
            className="chip"
            aria-pressed={chosen.several.verdict.includes(word)}
            onClick={() => toggle(word)}
          >
            <SignalMark of={word}>{say(`screening.word.${word}`)}</SignalMark>
          </button>
        ))}
        <button
          type="button"
          className="chip"
          aria-pressed={chosen.flags.conflicts === true}
          onClick={() => change({ conflicts: chosen.flags.conflicts === true ? null : 'true' })}
        >
          {say('screening.filter.conflicts')}
        </button>
      </fieldset>
      <div className="filter-fields">
        <TextFilter value={chosen.text} onChange={(text) => change({ text })} />
        <Choice name="state" chosen={chosen} change={change} options={states} word="screening.state." />
        <Choice name="kind" chosen={chosen} change={change} options={kinds} word="report.kind." />
        <Choice name="source" chosen={chosen} change={change} options={sources} word="screening.source." />
        <Sender value={chosen.by} onChange={(by) => change({ by })} />
        <Field label={say('screening.filter.from')}>
          {(id) => (
            <input
              id={id}
              type="date"
              className="day"
              value={chosen.from}
              max={chosen.to}
              onChange={({ target }) => change({ from: target.value })}
            />
          )}
        </Field>
        <Field label={say('screening.filter.to')}>
          {(id) => (
            <input
              id={id}
              type="date"
              className="day"
              value={chosen.to}
              min={chosen.from}
              onChange={({ target }) => change({ to: target.value })}
            />
          )}
        </Field>
        {active && (
          <Button type="text" icon={<ClearOutlined />} onClick={() => change(nothing)}>
            {say('screening.filter.clear')}
          </Button>
        )}
      </div>
    </search>
  );
}

const nothing = Object.fromEntries(
  ['state', 'verdict', 'kind', 'source', 'conflicts', 'overridden', 'noted', 'text', 'by', 'from', 'to', 'batch'].map(
    (name) => [name, null],
  ),
);

/** Asks when the typing pauses. */
function TextFilter({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const say = useWords();
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what is typed starts the wait
  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(() => onChange(typed), 300);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <Field label={say('screening.filter.text')}>
      {(id) => (
        <Input
          id={id}
          allowClear
          prefix={<SearchOutlined />}
          value={typed}
          maxLength={200}
          autoComplete="off"
          spellCheck={false}
          onChange={({ target }) => setTyped(target.value)}
        />
      )}
    </Field>
  );
}

function Choice(props: {
  name: 'state' | 'kind' | 'source';
  chosen: Chosen;
  change: Change;
  options: readonly string[];
  word: string;
}) {
  const { name, chosen, change, options, word } = props;
  const say = useWords();
  return (
    <Field label={say(`screening.filter.${name}`)}>
      {(id) => (
        <Select
          id={id}
          mode="multiple"
          showSearch={false}
          allowClear
          maxTagCount="responsive"
          placeholder={say('screening.filter.any')}
          value={chosen.several[name].filter((one) => options.includes(one))}
          options={options.map((value) => ({ value, label: say(`${word}${value}`) }))}
          onChange={(values: string[]) => change({ [name]: values })}
        />
      )}
    </Field>
  );
}

function Sender({ value, onChange }: { value: string; onChange: (id: string) => void }) {
  const say = useWords();
  const { person } = useMe();
  const { data } = useQuery({ queryKey: ['members', 'all'], queryFn: () => ask(api.GET('/api/v1/members')) });
  const others = (data?.items ?? []).filter(({ id }) => id !== person.id);
  const options = [
    { value: person.id, label: say('screening.filter.by.me') },
    ...others.map(({ id, name }) => ({ value: id, label: name })),
  ];
  // Somebody who left, or a key: the address of the page names them by their id only.
  if (value !== '' && !options.some((option) => option.value === value)) options.push({ value, label: value });
  return (
    <Field label={say('screening.filter.by')}>
      {(id) => (
        <Select
          id={id}
          allowClear
          placeholder={say('screening.filter.any')}
          {...(value !== '' && { value })}
          options={options}
          onChange={(by: string | undefined) => onChange(by ?? '')}
        />
      )}
    </Field>
  );
}

function Field({ label, children }: { label: string; children: (id: string) => ReactNode }) {
  const id = useId();
  return (
    <div className="filter-field">
      <label htmlFor={id} className="quiet">
        {label}
      </label>
      {children(id)}
    </div>
  );
}
