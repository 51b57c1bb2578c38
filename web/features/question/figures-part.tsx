import { Input, InputNumber } from 'antd';
import type { Facts, Figure } from '../../../src/contract/facts.ts';
import { useWords } from '../../words/words.ts';
import { today } from '../rulebooks/days.tsx';
import { type FigureName, figureFacts, figureNames, figureOf } from './facts-table.ts';

/** Numbers of users, each with the day on which it was counted. */
export function FiguresPart({
  facts,
  stored,
  onChange,
}: {
  facts: Facts;
  stored: Facts;
  onChange: (facts: Facts) => void;
}) {
  const offered = facts.jurisdictions ?? stored.jurisdictions ?? [];
  const shown = figureNames.filter((name) => {
    const place = figureFacts[name];
    return place === null || offered.includes(place) || figureOf(facts, name) !== undefined;
  });
  return (
    <div className="figures">
      {shown.map((name) => (
        <FigureLine
          key={name}
          name={name}
          value={figureOf(facts, name)}
          stored={figureOf(stored, name)}
          onChange={(value) => onChange({ ...facts, [name]: value })}
        />
      ))}
    </div>
  );
}

function FigureLine(props: {
  name: FigureName;
  value: Figure | undefined;
  stored: Figure | undefined;
  onChange: (value: Figure | undefined) => void;
}) {
  const { name, value, stored, onChange } = props;
  const say = useWords();
  const shown = value ?? stored;
  const label = say(`fact.${name}`);
  return (
    <fieldset className="figure" id={`fact-${name}`}>
      <legend>
        {label}
        {value === undefined && stored !== undefined && (
          <span className="flag-note"> {say('question.registered')}</span>
        )}
      </legend>
      <InputNumber<number>
        min={0}
        max={20_000_000_000}
        precision={0}
        controls={false}
        value={shown?.value ?? null}
        aria-label={label}
        placeholder={say('question.unknown')}
        className="figure-value"
        formatter={(number) => (number === undefined ? '' : String(number).replace(/\B(?=(\d{3})+(?!\d))/g, ','))}
        parser={(text) => Number((text ?? '').replace(/[^\d]/g, ''))}
        onChange={(number) => onChange(number === null ? undefined : { value: number, asOf: shown?.asOf ?? today() })}
      />
      <span className="figure-on">{say('question.figure.on')}</span>
      <Input
        type="date"
        value={shown?.asOf ?? ''}
        max={today()}
        disabled={shown === undefined}
        aria-label={say('question.figure.day', { figure: label })}
        className="figure-day"
        onChange={({ target }) => {
          if (shown && target.value !== '') onChange({ value: shown.value, asOf: target.value });
        }}
      />
    </fieldset>
  );
}
