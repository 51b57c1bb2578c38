import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Form, Input, Modal, Select } from 'antd';
import { recordFiling } from '../../api/filings.ts';
import { useMe } from '../../api/me.ts';
import { registerKey } from '../../api/register.ts';
import { rulebooksQuery } from '../../api/rulebooks.ts';
import { showFieldProblems } from '../../ui/form-problems.ts';
import { useNotice } from '../../ui/notice.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { typed } from '../../ui/typed.ts';
import { useLang, useWords } from '../../words/words.ts';
import { today } from '../rulebooks/days.tsx';
import '../rulebooks/forms.css';
import { nameIn } from '../rulebooks/names.ts';
import { DocumentField, type Handed } from './document-field.tsx';
import type { DueOf } from './dues.ts';
import { handOver } from './hand-over.ts';

interface Wanted {
  rulebook: string;
  authority: string;
  number?: string;
  filedOn: string;
  filedBy: string;
  document?: Handed;
}

/** What a filing may be about: something that is due, or a service or function in general. */
export type RecordAbout = Omit<DueOf, 'due'> & { due: DueOf['due'] | null };

/** Notes a report that was filed on an official platform. */
export function RecordDialog({ about, onClose }: { about: RecordAbout; onClose: () => void }) {
  const say = useWords();
  const lang = useLang();
  const notice = useNotice();
  const client = useQueryClient();
  const { person } = useMe();
  const [form] = Form.useForm<Wanted>();
  const { data: rulebooks } = useQuery(rulebooksQuery);
  const { due, service, function: own } = about;
  const save = useMutation({
    mutationFn: async ({ document, number, ...wanted }: Wanted) =>
      recordFiling({
        ...wanted,
        number: typed(number),
        service: service.slug,
        function: own?.id ?? null,
        happening: due?.occasion.happening ?? null,
        document: await handOver(document),
      }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: registerKey });
      notice.done(say('filings.recorded.done'));
      onClose();
    },
    onError: (error) => showFieldProblems(form, error),
  });
  return (
    <Modal open title={say('filings.record.title')} footer={null} onCancel={onClose} destroyOnHidden>
      <p className="quiet dialog-lead">
        {nameIn(service.name, lang)}
        {own && ` › ${nameIn(own.name, lang)} ${say('filings.version', { version: own.version })}`}
        {due?.occasion.happening && ` › ${say(`fact-word.${due.occasion.event}`)}`}
      </p>
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ filedOn: today(), filedBy: person.name, ...(due && { rulebook: due.rulebook }) }}
        onFinish={save.mutate}
      >
        <Form.Item
          name="rulebook"
          label={say('filings.field.rulebook')}
          rules={[{ required: true, message: say('filings.field.rulebook.missing') }]}
        >
          <Select
            showSearch={{ optionFilterProp: 'label' }}
            options={rulebooks?.items
              .filter(({ used }) => used)
              .map(({ id, shortTitle }) => ({ value: id, label: shortTitle[lang] }))}
          />
        </Form.Item>
        <Form.Item
          name="authority"
          label={say('filings.field.authority')}
          extra={say('filings.field.authority.example')}
          rules={[{ required: true, whitespace: true, message: say('filings.field.authority.missing') }]}
        >
          <Input maxLength={300} autoComplete="off" />
        </Form.Item>
        <div className="two-fields">
          <Form.Item name="number" label={say('filings.field.number')}>
            <Input maxLength={100} autoComplete="off" />
          </Form.Item>
          <Form.Item
            name="filedOn"
            label={say('filings.field.on')}
            rules={[{ required: true, message: say('filings.field.on.missing') }]}
          >
            <Input type="date" max={today()} />
          </Form.Item>
        </div>
        <Form.Item
          name="filedBy"
          label={say('filings.field.by')}
          rules={[{ required: true, whitespace: true, message: say('filings.field.by.missing') }]}
        >
          <Input maxLength={200} autoComplete="name" />
        </Form.Item>
        <DocumentField />
        {save.error && (
          <Form.Item>
            <ProblemNote error={save.error} />
          </Form.Item>
        )}
        <Button type="primary" htmlType="submit" loading={save.isPending}>
          {say('filings.record')}
        </Button>
      </Form>
    </Modal>
  );
}
