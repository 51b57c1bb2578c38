import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Form } from 'antd';
import { useRef, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import type { LabelSettings } from '../../../src/contract/labellings.ts';
import { useMe, useOrganisation } from '../../api/me.ts';
import { ApiProblem } from '../../api/problem.ts';
import { Note } from '../../ui/note.tsx';
import { useNotice } from '../../ui/notice.tsx';
import { useLang, useWords } from '../../words/words.ts';
import { readUploadLimits } from '../screening/calls.ts';
import { newBatch } from '../screening/drop/batches.ts';
import { DropZone } from '../screening/drop/drop-zone.tsx';
import { Interrupted } from '../screening/drop/interrupted.tsx';
import { mostFiles, type Taken } from '../screening/drop/taken-files.ts';
import { refuseFile, sendToLabel, useSendings } from '../screening/drop/uploads.ts';
import { bytes } from '../screening/figures.ts';
import { Again } from './again.tsx';
import { labelFile } from './calls.ts';
import { type PlanValues, planOf, startFrom } from './plan.ts';
import { PlanForm } from './plan-form.tsx';
import { SendingRows } from './sending-rows.tsx';

/** The plan beside the place for the files. Files that come before the plan is whole wait for it. */
export function Intake({ settings }: { settings: LabelSettings }) {
  const say = useWords();
  const lang = useLang();
  const notice = useNotice();
  const client = useQueryClient();
  const { person } = useMe();
  const { id: organisation } = useOrganisation();
  const [form] = Form.useForm<PlanValues>();
  const [start] = useState(() => startFrom(settings, lang));
  const [held, setHeld] = useState<Taken[]>([]);
  const chooser = useRef<HTMLInputElement>(null);
  const { data: limits } = useQuery({ queryKey: ['upload-limits'], queryFn: readUploadLimits, staleTime: 600_000 });
  const sendings = useSendings(organisation, 'label');
  const [query] = useSearchParams();

  /** The plan as it stands, or null with the first mistake in view. */
  const wholePlan = async () => {
    try {
      await form.validateFields();
      return planOf({ ...start, ...form.getFieldsValue(true) });
    } catch {
      const [first] = form.getFieldsError().filter(({ errors }) => errors.length > 0);
      if (first) form.scrollToField(first.name, { focus: true, block: 'center' });
      return null;
    }
  };
  const send = async (files: Taken[]) => {
    const plan = await wholePlan();
    setHeld(plan === null ? files : []);
    // The note that then appears is read aloud by itself.
    if (plan === null) return;
    const drop = newBatch();
    const label = async (upload: string) => {
      const id = await labelFile(
        { file: { from: 'upload', id: upload }, plan },
        { organisation, key: `${upload}-${drop}` },
      );
      await client.invalidateQueries({ queryKey: ['labellings'] });
      return id;
    };
    sendToLabel(files, { organisation, person: person.id, label });
    notice.announce(say('screening.drop.taken', { count: files.length }));
  };
  const take = (files: Taken[]) => {
    const fits = ({ file }: Taken) => limits === undefined || file.size <= limits.maxBytes;
    for (const { name, file } of files.filter((one) => !fits(one))) {
      const title = say('screening.too-large', { most: bytes(lang, limits?.maxBytes ?? 0) });
      const problem = new ApiProblem(413, {
        code: 'labelling-too-large',
        title,
        next: say('labelling.too-large.next'),
      });
      refuseFile({ name, bytes: file.size }, problem, { batch: null, organisation });
    }
    if (files.length >= mostFiles) notice.done(say('screening.drop.most', { count: mostFiles }));
    const fitting = [...held, ...files.filter(fits)];
    if (fitting.length > 0) void send(fitting);
  };

  return (
    <>
      <div className="label-intake">
        <div className="label-files">
          <DropZone
            small={false}
            about={say('labelling.drop.about', { most: limits ? bytes(lang, limits.maxBytes) : '–' })}
            now={say('labelling.drop.now')}
            chooser={chooser}
            onFiles={take}
            onPastedText={() => undefined}
          />
          {held.length > 0 && (
            <Note kind="care" title={say('labelling.held', { count: held.length })}>
              <p>{say('labelling.held.about')}</p>
              <span className="label-ways">
                <Button size="small" type="primary" onClick={() => void send(held)}>
                  {say('labelling.held.go', { count: held.length })}
                </Button>
                <Button size="small" type="text" onClick={() => setHeld([])}>
                  {say('labelling.held.drop')}
                </Button>
              </span>
            </Note>
          )}
          <Again query={query} wholePlan={wholePlan} />
          <Interrupted
            organisation={organisation}
            person={person.id}
            purpose="label"
            sendings={sendings}
            onChoose={() => chooser.current?.click()}
          />
        </div>
        <aside className="plan-card" aria-label={say('labelling.plan')}>
          <h2>{say('labelling.plan')}</h2>
          {settings.revision === 0 && (
            <p className="quiet plan-hint">
              {say('labelling.plan.remember')} <Link to="/label/settings">{say('labelling.settings.title')}</Link>
            </p>
          )}
          <PlanForm form={form} start={start} signer={settings.signer} />
        </aside>
      </div>
      <SendingRows sendings={sendings} />
    </>
  );
}
