import { Checkbox, Form, type FormInstance, Input, Radio, Select } from 'antd';
import type { LabelSettings } from '../../../src/contract/labellings.ts';
import { type Say, useWords } from '../../words/words.ts';
import { ExplicitPart } from './explicit-part.tsx';
import { levels, type PlanValues, profiles } from './plan.ts';
import { ProviderField } from './provider-field.tsx';

/** What the files shall say, in the order in which one would tell it: who speaks, what the content is, which number it has. */
export function PlanForm({
  form,
  start,
  signer,
}: {
  form: FormInstance<PlanValues>;
  start: PlanValues;
  signer: LabelSettings['signer'];
}) {
  const say = useWords();
  const role = Form.useWatch('role', form) ?? start.role;
  return (
    <Form<PlanValues>
      form={form}
      layout="vertical"
      requiredMark={false}
      initialValues={start}
      className="plan-form"
      aria-label={say('labelling.plan')}
    >
      <Form.Item name="role" label={say('labelling.role')}>
        <Radio.Group className="plan-choices" aria-label={say('labelling.role')}>
          {(['producer', 'platform'] as const).map((one) => (
            <Radio key={one} value={one}>
              {say(`labelling.role.${one}`)}
              <span className="quiet plan-about">{say(`labelling.role.${one}.about`)}</span>
            </Radio>
          ))}
        </Radio.Group>
      </Form.Item>
      {role === 'producer' && <ProducerPart say={say} />}
      {role === 'platform' && <PlatformPart say={say} />}
      {role !== 'nobody' && <ExplicitPart />}
      {role !== 'nobody' && <CredentialsPart say={say} signer={signer} />}
      {role !== 'nobody' && (
        <Form.Item name="profile" label={say('labelling.profile')} extra={say('labelling.profile.about')}>
          <Select
            options={profiles.map((value) => ({ value, label: say(`labelling.profile.${value}`) }))}
            popupMatchSelectWidth={false}
          />
        </Form.Item>
      )}
      <details className="fold plan-more">
        <summary>{say('labelling.more')}</summary>
        <MorePart say={say} role={role} />
      </details>
    </Form>
  );
}

function ProducerPart({ say }: { say: Say }) {
  return (
    <>
      <Form.Item name="label" label={say('labelling.level')}>
        <Radio.Group className="plan-choices" aria-label={say('labelling.level')}>
          {levels.map((level) => (
            <Radio key={level} value={level}>
              {say(`labelling.level.${level}`)} <code className="quiet">{level}</code>
            </Radio>
          ))}
        </Radio.Group>
      </Form.Item>
      <ProviderField name="contentProducer" service="generation" label={say('labelling.producer')} required />
      <NumberField name="produceId" say={say} />
    </>
  );
}

function PlatformPart({ say }: { say: Say }) {
  return (
    <>
      <ProviderField name="contentPropagator" service="propagation" label={say('labelling.propagator')} required />
      <NumberField name="propagateId" say={say} />
      <Form.Item name="seen" label={say('labelling.seen')} extra={say('labelling.seen.about')}>
        <Radio.Group className="plan-choices" aria-label={say('labelling.seen')}>
          <Radio value="keep">{say('labelling.seen.keep')}</Radio>
          {levels.map((level) => (
            <Radio key={level} value={level}>
              {say(`labelling.level.${level}`)} <code className="quiet">{level}</code>
            </Radio>
          ))}
        </Radio.Group>
      </Form.Item>
    </>
  );
}

/** A manifest says who vouches; without a certificate of the installation nobody here can. */
function CredentialsPart({ say, signer }: { say: Say; signer: LabelSettings['signer'] }) {
  const form = Form.useFormInstance<PlanValues>();
  const wanted = Form.useWatch('credentials', form) === true;
  return (
    <>
      <Form.Item name="credentials" valuePropName="checked" className="plan-check">
        <Checkbox disabled={signer === null}>
          {say('labelling.credentials')}
          <span className="quiet plan-about">
            {signer === null
              ? say('labelling.credentials.nobody')
              : say('labelling.credentials.about', { subject: signer.subject })}
          </span>
        </Checkbox>
      </Form.Item>
      {wanted && (
        <Form.Item
          name="system"
          label={say('labelling.credentials.system')}
          extra={say('labelling.credentials.system.about')}
          rules={[{ required: true, whitespace: true, message: say('labelling.credentials.system.missing') }]}
        >
          <Input autoComplete="off" spellCheck={false} maxLength={200} placeholder="ShimmerGen@2.1" />
        </Form.Item>
      )}
    </>
  );
}

function NumberField({ name, say }: { name: 'produceId' | 'propagateId'; say: Say }) {
  return (
    <Form.Item
      name={name}
      label={say(`labelling.number.${name}`)}
      extra={say('labelling.number.about')}
      validateTrigger="onBlur"
      rules={[{ pattern: /^[\x21-\x7e]*$/, message: say('labelling.number.wrong') }]}
    >
      <Input autoComplete="off" spellCheck={false} maxLength={200} placeholder={say('labelling.number.drawn')} />
    </Form.Item>
  );
}

function MorePart({ say, role }: { say: Say; role: PlanValues['role'] }) {
  return (
    <>
      {role !== 'nobody' && (
        <Form.Item name="sourceType" label={say('labelling.source-type')} extra={say('labelling.source-type.about')}>
          <Select options={sourceTypeOptions(say, ['usual', 'keep', 'none'])} popupMatchSelectWidth={false} />
        </Form.Item>
      )}
      {role === 'producer' && (
        <Form.Item name="replace" valuePropName="checked" className="plan-check">
          <Checkbox>
            {say('labelling.replace')}
            <span className="quiet plan-about">{say('labelling.replace.about')}</span>
          </Checkbox>
        </Form.Item>
      )}
      {role !== 'nobody' && (
        <Form.Item name="seal" valuePropName="checked" className="plan-check">
          <Checkbox>
            {say('labelling.seal')}
            <span className="quiet plan-about">{say('labelling.seal.about')}</span>
          </Checkbox>
        </Form.Item>
      )}
      {role !== 'nobody' && (
        <Form.Item name="watermark" valuePropName="checked" className="plan-check">
          <Checkbox>
            {say('labelling.watermark')}
            <span className="quiet plan-about">{say('labelling.watermark.about')}</span>
          </Checkbox>
        </Form.Item>
      )}
      <RemoveInstead say={say} />
    </>
  );
}

function RemoveInstead({ say }: { say: Say }) {
  const form = Form.useFormInstance<PlanValues>();
  const role = Form.useWatch('role', form);
  return (
    <Checkbox
      checked={role === 'nobody'}
      onChange={({ target }) => form.setFieldValue('role', target.checked ? 'nobody' : 'producer')}
    >
      {say('labelling.role.nobody')}
      <span className="quiet plan-about">{say('labelling.role.nobody.about')}</span>
    </Checkbox>
  );
}

/** The terms of the IPTC vocabulary that are written today, the likely ones first. */
export const sourceTypeTerms = [
  'trainedAlgorithmicMedia',
  'compositeWithTrainedAlgorithmicMedia',
  'compositeSynthetic',
  'algorithmicallyEnhanced',
  'algorithmicMedia',
  'virtualRecording',
  'humanEdits',
  'digitalCreation',
  'digitalCapture',
] as const;

export function sourceTypeOptions(say: Say, before: readonly ('usual' | 'keep' | 'none')[]) {
  return [...before, ...sourceTypeTerms].map((term) => ({ value: term, label: say(`labelling.source-type.${term}`) }));
}
