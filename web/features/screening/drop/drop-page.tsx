import { useQuery } from '@tanstack/react-query';
import { Checkbox } from 'antd';
import { useRef, useState } from 'react';
import { useMay, useMe, useOrganisation } from '../../../api/me.ts';
import { ApiProblem } from '../../../api/problem.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { useNotice } from '../../../ui/notice.tsx';
import { Page } from '../../../ui/page.tsx';
import { useRowKeys } from '../../../ui/row-keys.ts';
import { useLang, useWords } from '../../../words/words.ts';
import { readUploadLimits } from '../calls.ts';
import { bytes, count } from '../figures.ts';
import '../screening.css';
import { Tabs } from '../tabs.tsx';
import { AddressForm } from './address-form.tsx';
import { BatchSection } from './batch-section.tsx';
import { newBatch, useBatches } from './batches.ts';
import './drop.css';
import { DropZone } from './drop-zone.tsx';
import { Interrupted } from './interrupted.tsx';
import { mostFiles, type Taken } from './taken-files.ts';
import { refuseFile, sendFiles, useSendings } from './uploads.ts';

/** Drop files, see what they are. */
export function DropPage() {
  const say = useWords();
  const may = useMay('administrator', 'assessor', 'engineer', 'clerk', 'examiner', 'director');
  return (
    <Page title={say('screening.title')} lead={say('screening.lead')} above={<Tabs />}>
      {may ? <Drop /> : <EmptyState title={say('screening.may-not')} text={say('screening.may-not.text')} />}
    </Page>
  );
}

function Drop() {
  const say = useWords();
  const lang = useLang();
  const notice = useNotice();
  const { person } = useMe();
  const { id: organisation } = useOrganisation();
  const [declared, setDeclared] = useState(false);
  const [address, setAddress] = useState('');
  const addressBatch = useRef<string | null>(null);
  const chooser = useRef<HTMLInputElement>(null);
  const { data: limits } = useQuery({ queryKey: ['upload-limits'], queryFn: readUploadLimits, staleTime: 600_000 });
  const list = useRef<HTMLDivElement>(null);
  useRowKeys(list);
  const sendings = useSendings(organisation);
  const batches = useBatches(organisation);

  const take = (files: Taken[]) => {
    if (files.length === 0) return;
    const batch = newBatch();
    addressBatch.current = null;
    const fits = ({ file }: Taken) => limits === undefined || file.size <= limits.maxBytes;
    sendFiles(files.filter(fits), { batch, declared, organisation, person: person.id });
    for (const { name, file } of files.filter((one) => !fits(one))) {
      const title = say('screening.too-large', { most: bytes(lang, limits?.maxBytes ?? 0) });
      const problem = new ApiProblem(413, {
        code: 'screening-too-large',
        title,
        next: say('screening.too-large.next'),
      });
      refuseFile({ name, bytes: file.size }, problem, { batch, organisation });
    }
    if (files.length >= mostFiles) notice.done(say('screening.drop.most', { count: mostFiles }));
    notice.announce(say('screening.drop.taken', { count: files.length }));
  };
  const intoBatch = () => {
    addressBatch.current ??= newBatch();
    return addressBatch.current;
  };

  return (
    <>
      <div className="intake">
        <DropZone
          small={batches.length > 0}
          about={
            limits === undefined
              ? say('screening.drop.about')
              : say('screening.drop.about-size', { most: bytes(lang, limits.maxBytes) })
          }
          now={say('screening.drop.now')}
          chooser={chooser}
          onFiles={take}
          onPastedText={(text) => /^https?:\/\/\S+$/i.test(text.trim()) && setAddress(text.trim())}
        />
        <div className="intake-more">
          <AddressForm
            value={address}
            onChange={setAddress}
            organisation={organisation}
            declared={declared}
            batch={intoBatch}
          />
          <Checkbox
            checked={declared}
            onChange={({ target }) => setDeclared(target.checked)}
            className="intake-declared"
          >
            {say('screening.declared')}
            <span className="quiet intake-about">{say('screening.declared.about')}</span>
          </Checkbox>
        </div>
      </div>
      <Interrupted
        organisation={organisation}
        person={person.id}
        purpose="screen"
        sendings={sendings}
        onChoose={() => chooser.current?.click()}
      />
      <div className="batches" ref={list}>
        {batches.map((batch) => (
          <BatchSection
            key={batch}
            batch={batch}
            organisation={organisation}
            sendings={sendings.filter((sending) => sending.batch === batch)}
          />
        ))}
      </div>
      {batches.length === 0 && (
        <p className="quiet first-words">{say('screening.first', { formats: count(lang, formatCount) })}</p>
      )}
    </>
  );
}

/** What the examination recognises by content: eight kinds of picture, eight of film, seven of sound, three of document. */
const formatCount = 26;
