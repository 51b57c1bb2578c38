import type { Gate } from '../../../src/contract/gate.ts';
import { useLang, useWords } from '../../words/words.ts';
import { type DueOf, duesOf, isDated, isOpen } from '../filings/dues.ts';
import { today } from '../rulebooks/days.tsx';
import { sayDue, sayLeft } from '../rulebooks/days-left.ts';
import { Mark } from '../rulebooks/mark.tsx';
import { sayBy } from '../rulebooks/say.ts';

/** Open or closed: a word and a shape. */
export function GateMark({ open }: { open: boolean }) {
  const say = useWords();
  return <Mark of={open ? 'done' : 'waits'}>{say(open ? 'register.gate.open' : 'register.gate.closed')}</Mark>;
}

/** Of several gates, how many are closed. */
export function GatesMark({ gates }: { gates: readonly Gate[] }) {
  const say = useWords();
  const closed = gates.filter(({ open }) => !open).length;
  if (gates.length < 2 || closed === 0) return <GateMark open={closed === 0} />;
  return <Mark of="waits">{say('register.gate.closed-of', { closed, all: gates.length })}</Mark>;
}

/** The most urgent thing that is due, and how much time is left. */
export function NextDue({ gates }: { gates: readonly Gate[] }) {
  const say = useWords();
  const lang = useLang();
  const next = nextOf(gates);
  if (!next) return <span className="quiet">{say('register.next.none')}</span>;
  const { by, title } = next.due;
  const left = sayLeft(by, today(), say);
  return (
    <span className="next-due" title={sayDue(by, say, lang)}>
      <span>{title[lang]}</span>
      <span className={left?.late ? 'gate-left-late' : 'quiet'}>{left?.text ?? sayBy(by, say, lang)}</span>
    </span>
  );
}

function nextOf(gates: readonly Gate[]): DueOf | undefined {
  const open = duesOf(gates).filter((one) => isOpen(one) && isDated(one) && one.due.filing === null);
  return open.find(({ due }) => due.verified) ?? open[0];
}
