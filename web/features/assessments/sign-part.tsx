import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useState } from 'react';
import type { Signature } from '../../../src/contract/assessment-reports.ts';
import type { Assessment } from '../../../src/contract/assessments.ts';
import { addSigningKey, assessmentsKey, signingKeysQuery, signReport } from '../../api/assessments.ts';
import { useMay, useMe } from '../../api/me.ts';
import { HashText } from '../../ui/copy.tsx';
import { useNotice } from '../../ui/notice.tsx';
import { Section } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Time } from '../../ui/time.tsx';
import { useWords } from '../../words/words.ts';
import { keyHere, makeKey, signHash } from './signing.ts';

/** Who signed, who has still to, and signing it. */
export function SignPart({ assessment }: { assessment: Assessment }) {
  const say = useWords();
  const { person } = useMe();
  const may = useMay('signatory');
  const { signatures, signatories, state, report } = assessment;
  const standing = signatures.filter(({ voided }) => voided === null);
  const missing = report ? signatories.filter(({ person: one }) => !standing.some((s) => s.person.id === one.id)) : [];
  if (signatures.length === 0 && !report) return null;
  const isMine = may && state === 'concluding' && missing.some(({ person: one }) => one.id === person.id);
  return (
    <Section title={say('assessments.signatures')}>
      <ul className="signatures">
        {signatures.map((one) => (
          <SignatureLine key={one.id} signature={one} />
        ))}
        {missing.map(({ person: one, role }) => (
          <li key={one.id} className="quiet">
            {one.name}, {role}: {say('assessments.signature.missing')}
          </li>
        ))}
      </ul>
      {report && standing.length > 0 && (
        <p>
          {say('assessments.signature.page')}{' '}
          {(['zh', 'en'] as const).map((lang) => (
            <a
              key={lang}
              href={`/api/v1/assessments/${assessment.id}/signed/signatures.${lang}.pdf`}
              target="_blank"
              rel="noreferrer"
            >
              {say(`assessments.draft.${lang}`)}
            </a>
          ))}{' '}
          <a href={`/api/v1/assessments/${assessment.id}/signed/signatures.json`}>signatures.json</a>
        </p>
      )}
      {isMine && report && <Signing assessment={assessment} report={report} />}
    </Section>
  );
}

function SignatureLine({ signature: { person, role, at, voided, publicKey } }: { signature: Signature }) {
  const say = useWords();
  return (
    <li data-voided={voided !== null}>
      <span className="signature-name">
        {person.name}, {role}
      </span>{' '}
      <Time at={at} /> <span className="quiet">Ed25519</span> <HashText value={publicKey} />
      {voided && (
        <span className="care-text">
          {say('assessments.signature.voided', { reason: voided.reason })} <Time at={voided.at} />
        </span>
      )}
    </li>
  );
}

function Signing({
  assessment: { id },
  report,
}: {
  assessment: Assessment;
  report: NonNullable<Assessment['report']>;
}) {
  const say = useWords();
  const notice = useNotice();
  const client = useQueryClient();
  const { person } = useMe();
  const keys = useQuery(signingKeysQuery);
  const [elsewhere, setElsewhere] = useState(false);
  const [pasted, setPasted] = useState('');
  const standing = keys.data?.items.filter(({ revokedAt }) => revokedAt === null) ?? [];
  const done = async (whole: Assessment) => {
    client.setQueryData([...assessmentsKey, 'one', id], whole);
    await client.invalidateQueries({ queryKey: assessmentsKey });
    notice.done(say('assessments.signed'));
  };
  const sign = useMutation({
    mutationFn: async () => {
      const here = (await keyHere(standing.map(({ publicKey }) => publicKey))) ?? (await newKey(person.id, say));
      const own = (await client.fetchQuery({ ...signingKeysQuery, staleTime: 0 })).items.find(
        ({ publicKey }) => publicKey === here.publicKey,
      );
      if (!own) throw new Error('the key that was just registered is not there');
      return signReport(id, {
        reportSha256: report.sha256,
        key: own.id,
        signature: await signHash(here, report.sha256),
      });
    },
    onSuccess: done,
  });
  const hand = useMutation({
    mutationFn: (key: string) => signReport(id, { reportSha256: report.sha256, key, signature: pasted.trim() }),
    onSuccess: done,
  });
  const [first] = standing;
  const isRead = report.files.some(({ name }) => name.endsWith('.pdf') && report.read.includes(name));
  return (
    <div className="signing">
      <p>{say(isRead ? 'assessments.sign.text' : 'assessments.sign.read-first')}</p>
      <Button type="primary" disabled={!isRead} loading={sign.isPending} onClick={() => sign.mutate()}>
        {say('assessments.sign')}
      </Button>{' '}
      <button type="button" className="tell" onClick={() => setElsewhere(!elsewhere)}>
        {say('assessments.sign.elsewhere')}
      </button>
      {sign.error && <ProblemNote error={sign.error} />}
      {elsewhere && (
        <div className="signing-elsewhere">
          <p className="quiet">{say('assessments.sign.elsewhere.text')}</p>
          <pre>
            {`printf %s ${report.sha256} | xxd -r -p > report.hash\nopenssl pkeyutl -sign -rawin -inkey key.pem -in report.hash | basenc --base64url | tr -d '=\\n'`}
          </pre>
          <Input
            value={pasted}
            aria-label={say('assessments.sign.signature')}
            placeholder={say('assessments.sign.signature')}
            onChange={({ target }) => setPasted(target.value)}
          />
          <Button
            disabled={!isRead || pasted.trim().length !== 86 || !first}
            loading={hand.isPending}
            onClick={() => first && hand.mutate(first.id)}
          >
            {say('assessments.sign')}
          </Button>
          {!first && keys.data && <p className="quiet">{say('assessments.sign.no-key')}</p>}
          {hand.error && <ProblemNote error={hand.error} />}
        </div>
      )}
    </div>
  );
}

async function newKey(person: string, say: ReturnType<typeof useWords>) {
  const { publicKey, proof } = await makeKey(person);
  await addSigningKey({ name: say('assessments.key.of-browser'), publicKey, proof });
  const here = await keyHere([publicKey]);
  if (!here) throw new Error('the key that was just made is not there');
  return here;
}
