import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Happening } from '../../../src/contract/happenings.ts';
import type { Service } from '../../../src/contract/register.ts';
import { useMay } from '../../api/me.ts';
import { happeningsQuery, registerKey, settleHappening } from '../../api/register.ts';
import { useNotice } from '../../ui/notice.tsx';
import { Section } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Time } from '../../ui/time.tsx';
import { Waiting } from '../../ui/waiting.tsx';
import { useWords } from '../../words/words.ts';
import { Day } from '../rulebooks/days.tsx';
import { LinkButton } from '../rulebooks/link-button.tsx';
import { Mark } from '../rulebooks/mark.tsx';

/** Incidents, notices of authorities, growth: what befell the service and may make an assessment due. */
export function HappeningsPart({ service }: { service: Service }) {
  const say = useWords();
  const may = useMay('administrator', 'assessor', 'engineer');
  const { data, error, refetch } = useQuery(happeningsQuery(service.slug));
  const plan = `/services/${service.slug}/plan`;
  return (
    <div id="happenings">
      <Section
        title={say('register.happenings')}
        side={
          may &&
          service.state !== 'withdrawn' && (
            <span className="happening-ways">
              {(['incident', 'authority-notice', 'user-growth'] as const).map((kind) => (
                <LinkButton key={kind} size="small" type="text" to={`${plan}?event=${kind}`}>
                  {say(`register.happening.add.${kind}`)}
                </LinkButton>
              ))}
            </span>
          )
        }
      >
        {!data && (error ? <ProblemNote error={error} onRetry={() => void refetch()} /> : <Waiting lines={2} />)}
        {data?.items.length === 0 && <p className="quiet">{say('register.happenings.none')}</p>}
        <ul className="happenings">
          {data?.items.map((one) => (
            <HappeningLine key={one.id} one={one} plan={plan} />
          ))}
        </ul>
      </Section>
    </div>
  );
}

function HappeningLine({ one, plan }: { one: Happening; plan: string }) {
  const say = useWords();
  const may = useMay('administrator', 'assessor');
  const [settling, setSettling] = useState(false);
  const { kind, on, note, notice, incident, settledAt, settledReason } = one;
  const words = [
    ...(notice?.issuer ? [say(`fact-word.${notice.issuer}`)] : []),
    ...(notice?.level ? [say(`fact-word.${notice.level}`)] : []),
    ...(incident?.illegalSpread ? [say('fact.incident.illegalSpread')] : []),
    ...(incident?.controlsInsufficient ? [say('fact.incident.controlsInsufficient')] : []),
  ];
  return (
    <li>
      <div>
        <Mark of={settledAt === null ? 'due' : 'done'}>{say(`fact-word.${kind}`)}</Mark> <Day day={on} />
        {words.length > 0 && <span className="quiet"> · {words.join(' · ')}</span>}
        {note !== null && <p>{note}</p>}
        {settledAt !== null && (
          <p className="quiet">
            {say('register.happening.settled')} <Time at={settledAt} style="day" /> · {settledReason}
          </p>
        )}
      </div>
      {settledAt === null && (
        <span className="happening-ways">
          <Link to={`${plan}?event=${kind}&happening=${one.id}`}>{say('register.happening.follows')}</Link>
          {may && (
            <Button size="small" onClick={() => setSettling(true)}>
              {say('register.happening.settle')}
            </Button>
          )}
        </span>
      )}
      {settling && <SettleDialog id={one.id} onClose={() => setSettling(false)} />}
    </li>
  );
}

function SettleDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const say = useWords();
  const client = useQueryClient();
  const notice = useNotice();
  const settle = useMutation({
    mutationFn: ({ reason }: { reason: string }) => settleHappening(id, reason),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: registerKey });
      notice.done(say('register.happening.settled.done'));
      onClose();
    },
  });
  return (
    <Modal open title={say('register.happening.settle')} footer={null} onCancel={onClose} destroyOnHidden>
      <Form<{ reason: string }> layout="vertical" requiredMark={false} onFinish={settle.mutate}>
        <Form.Item
          name="reason"
          label={say('register.happening.settle.reason')}
          extra={say('register.happening.settle.about')}
          rules={[{ required: true, whitespace: true, message: say('register.reason.missing') }]}
        >
          <Input.TextArea maxLength={1000} autoSize={{ minRows: 2 }} />
        </Form.Item>
        {settle.error && (
          <Form.Item>
            <ProblemNote error={settle.error} />
          </Form.Item>
        )}
        <Button type="primary" htmlType="submit" loading={settle.isPending}>
          {say('register.happening.settle')}
        </Button>
      </Form>
    </Modal>
  );
}
