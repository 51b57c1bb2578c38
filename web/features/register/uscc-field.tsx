import { Form, Input } from 'antd';
import { type Say, useWords } from '../../words/words.ts';
import { Mark } from '../rulebooks/mark.tsx';
import { findUsccFault, type UsccFault } from './uscc.ts';

/** The unified social credit code; says which character cannot be right while it is typed. */
export function UsccField() {
  const say = useWords();
  return (
    <Form.Item
      name="uscc"
      label={say('register.uscc')}
      normalize={(text: string) => text.replace(/\s+/g, '').toUpperCase()}
      validateTrigger="onBlur"
      rules={[
        {
          validator: (_rule, code: string | undefined) => {
            const fault = code ? findUsccFault(code) : null;
            return fault ? Promise.reject(new Error(sayFault(fault, say))) : Promise.resolve();
          },
        },
      ]}
    >
      <UsccInput />
    </Form.Item>
  );
}

function UsccInput(props: { id?: string; value?: string; onChange?: (event: unknown) => void; onBlur?: () => void }) {
  const say = useWords();
  const code = props.value ?? '';
  const fault = code === '' ? null : findUsccFault(code);
  const wrong = fault !== null && fault.reason !== 'length';
  return (
    <>
      <Input
        {...props}
        value={code}
        maxLength={40}
        autoComplete="off"
        autoCapitalize="characters"
        spellCheck={false}
        className="uscc-input"
        aria-describedby="uscc-help"
      />
      <p id="uscc-help" className="uscc-help" aria-live="polite">
        {code !== '' && (
          <span className="uscc-code" aria-hidden="true">
            {[...code].map((character, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a character's place is its name
              <span key={index} className={isWrongAt(fault, index + 1) ? 'uscc-wrong' : ''}>
                {character}
              </span>
            ))}
          </span>
        )}
        {code !== '' && fault === null && <Mark of="done">{say('register.uscc.sound')}</Mark>}
        {wrong && <span>{sayFault(fault, say)}</span>}
        {fault?.reason === 'length' && (
          <span className="quiet">{say('register.uscc.so-far', { count: code.length })}</span>
        )}
      </p>
    </>
  );
}

function isWrongAt(fault: UsccFault | null, at: number): boolean {
  if (fault === null || fault.reason === 'length') return false;
  if (fault.reason === 'check-inner') return at >= fault.from && at <= fault.to;
  if (fault.reason === 'check-outer') return at <= 8 || at === 18;
  return at === fault.at;
}

/** The server's own sentences. */
function sayFault(fault: UsccFault, say: Say): string {
  const { reason, ...params } = fault;
  const plain = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, value ?? '']));
  const text = say(`problem.uscc-wrong_${reason}`, plain);
  return fault.reason === 'character' && fault.instead !== null
    ? `${text} ${say('register.uscc.instead', { instead: fault.instead })}`
    : text;
}
