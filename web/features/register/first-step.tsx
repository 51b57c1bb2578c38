import { type ReactNode, useState } from 'react';
import { CopyButton } from '../../ui/copy.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { useWords } from '../../words/words.ts';

/** Nothing is registered yet: by hand, or from the company's own repository. */
export function FirstStep({ action }: { action: ReactNode }) {
  const say = useWords();
  const [origin] = useState(() => location.origin);
  const commands = [
    `export CLEARMIRROR_SERVER=${origin}`,
    'export CLEARMIRROR_KEY=…',
    'clearmirror register apply clearmirror.yaml',
  ].join('\n');
  return (
    <EmptyState title={say('register.first')} text={say('register.first.text')} action={action}>
      <p className="first-or">{say('register.first.file')}</p>
      <Example name="clearmirror.yaml" text={exampleFile} />
      <p className="first-or">{say('register.first.commands')}</p>
      <Example name="sh" text={commands} />
    </EmptyState>
  );
}

function Example({ name, text }: { name: string; text: string }) {
  return (
    <figure className="example-file">
      <figcaption>
        <code>{name}</code>
        <CopyButton text={text} />
      </figcaption>
      <pre>{text}</pre>
    </figure>
  );
}

/** As docs/register.md describes it; the company is made up. */
export const exampleFile = `schema: clearmirror.register/1
services:
  - slug: shimmer-voice
    name: { zh: 微光语音, en: Shimmer Voice }
    type: app
    jurisdictions: [cn]
    facts: { offeredToPublic: true, hostsUserContent: true }
    figures:
      - { kind: mau, value: 420000, asOf: 2026-10-31 }
    functions:
      - slug: voice-room
        name: { zh: 语音房, en: Voice room }
        features: [voice_room]
        facts: { isGenerator: false }
        plannedLaunch: 2026-12-20
`;
