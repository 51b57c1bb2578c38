import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Form, Input, InputNumber, Select } from 'antd';
import { useState } from 'react';
import type { FigureKind, NewFigure, NotedFigure, Service } from '../../../src/contract/register.ts';
import { useMay } from '../../api/me.ts';
import { figuresQuery, noteFigure, registerKey } from '../../api/register.ts';
import { showFieldProblems } from '../../ui/form-problems.ts';
import { useNotice } from '../../ui/notice.tsx';
import { Section } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Waiting } from '../../ui/waiting.tsx';
import { useLang, useWords } from '../../words/words.ts';
import { Day, today } from '../rulebooks/days.tsx';
import { sayNumber } from '../rulebooks/say.ts';
import { Sparkline } from './sparkline.tsx';

const kinds = ['registeredUsers', 'mau', 'dau', 'euAmar', 'caMonthlyUsers'] as const satisfies readonly FigureKind[];

/** Numbers of users with their days; a line shows how they moved, the table behind it every number. */
export function FiguresPart({ service }: { service: Service }) {
  const say = useWords();
  const may = useMay('administrator', 'assessor', 'engineer');
  const [noting, setNoting] = useState(false);
  const { data, error, refetch } = useQuery(figuresQuery(service.slug));
  const shown = kinds.flatMap((kind) => {
    const figures = data?.items.filter((figure) => figure.kind === kind) ?? [];
    return figures.length === 0 ? [] : [{ kind, figures }];
  });
  return (
    <Section
      title={say('register.figures')}
      side={
        may &&
        service.state !== 'withdrawn' &&
        !noting && (
          <Button size="small" onClick={() => setNoting(true)}>
            {say('register.figures.note')}
          </Button>
        )
      }
    >
      {!data && (error ? <ProblemNote error={error} onRetry={() => void refetch()} /> : <Waiting lines={2} />)}
      {data && shown.length === 0 && !noting && <p className="quiet">{say('register.figures.none')}</p>}
      {noting && <NoteForm service={service} onDone={() => setNoting(false)} />}
      {shown.map(({ kind, figures }) => (
        <FigureFold key={kind} kind={kind} figures={figures} />
      ))}
    </Section>
  );
}

function FigureFold({ kind, figures }: { kind: FigureKind; figures: NotedFigure[] }) {
  const say = useWords();
  const lang = useLang();
  const [latest] = figures;
  if (!latest) return null;
  return (
    <details className="figure-fold">
      <summary>
        <span className="figure-name">{say(`fact.${kind}`)}</span>
        <span className="figure-latest">{sayNumber(latest.value, lang)}</span>
        <Sparkline points={figures.map(({ asOf, value }) => ({ day: asOf, value }))} />
        <span className="quiet">
          <Day day={latest.asOf} />
        </span>
      </summary>
      <table className="figure-table">
        <caption className="unseen">{say(`fact.${kind}`)}</caption>
        <thead>
          <tr>
            <th scope="col">{say('register.figures.day')}</th>
            <th scope="col" className="cell-figure">
              {say('register.figures.value')}
            </th>
            <th scope="col">{say('register.figures.by')}</th>
          </tr>
        </thead>
        <tbody>
          {figures.map(({ id, asOf, value, notedBy }) => (
            <tr key={id}>
              <td>
                <Day day={asOf} />
              </td>
              <td className="cell-figure">{sayNumber(value, lang)}</td>
              <td className="quiet">{notedBy ?? '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

function NoteForm({ service, onDone }: { service: Service; onDone: () => void }) {
  const say = useWords();
  const client = useQueryClient();
  const notice = useNotice();
  const [form] = Form.useForm<NewFigure>();
  const note = useMutation({
    mutationFn: (figure: NewFigure) => noteFigure(service.slug, figure),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: registerKey });
      notice.done(say('register.figures.noted'));
      onDone();
    },
    onError: (error) => showFieldProblems(form, error),
  });
  return (
    <Form<NewFigure>
      form={form}
      layout="vertical"
      requiredMark={false}
      initialValues={{ kind: 'mau', asOf: today() }}
      onFinish={note.mutate}
      className="note-form"
    >
      <Form.Item name="kind" label={say('register.figures.kind')}>
        <Select options={kinds.map((value) => ({ value, label: say(`fact.${value}`) }))} className="figure-kind" />
      </Form.Item>
      <Form.Item
        name="value"
        label={say('register.figures.value')}
        rules={[{ required: true, message: say('register.figures.value.missing') }]}
      >
        <InputNumber min={0} max={20_000_000_000} precision={0} controls={false} className="figure-number" />
      </Form.Item>
      <Form.Item
        name="asOf"
        label={say('register.figures.day')}
        rules={[{ required: true, message: say('filings.field.on.missing') }]}
      >
        <Input type="date" max={today()} />
      </Form.Item>
      <div className="note-ways">
        <Button type="primary" htmlType="submit" loading={note.isPending}>
          {say('register.figures.note')}
        </Button>
        <Button type="text" onClick={onDone}>
          {say('register.cancel')}
        </Button>
      </div>
      {note.error && <ProblemNote error={note.error} />}
    </Form>
  );
}
