import { useQueryClient } from '@tanstack/react-query';
import { Button, Form, Input, Modal, Segmented, Select } from 'antd';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { JurisdictionId } from '../../../src/contract/facts.ts';
import type { Service, serviceTypes } from '../../../src/contract/register.ts';
import { addService, changeService, serviceQuery } from '../../api/register.ts';
import { useNotice } from '../../ui/notice.tsx';
import { typed } from '../../ui/typed.ts';
import { useWords } from '../../words/words.ts';
import { NameFields, SlugField } from './fields.tsx';
import { places } from './places.ts';
import './register.css';
import { useEdit } from './use-edit.tsx';

interface Wanted {
  name: { zh?: string; en?: string };
  slug: string;
  type: (typeof serviceTypes)[number];
  addresses: string;
  about?: { zh?: string; en?: string };
  jurisdictions: JurisdictionId[];
  plannedLaunch?: string;
}

/** Adds a service, or edits one. Two people who edit at once are told of each other. */
export function ServiceDialog({ service, onClose }: { service: Service | null; onClose: () => void }) {
  const say = useWords();
  const notice = useNotice();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [form] = Form.useForm<Wanted>();
  const [ownSlug, setOwnSlug] = useState(service !== null);
  const { submit, saving, problem } = useEdit({
    form,
    seen: service,
    fresh: async () => service && (await client.fetchQuery({ ...serviceQuery(service.id), staleTime: 0 })),
    valuesOf,
    save: (wanted, revision) =>
      service === null ? addService(newOf(wanted)) : changeService(service.id, { ...changesOf(wanted), revision }),
    onSaved: async ({ slug }) => {
      notice.done(say(service === null ? 'register.added' : 'register.saved'));
      onClose();
      if (slug !== service?.slug) await navigate(`/services/${slug}`);
    },
  });
  return (
    <Modal
      open
      title={say(service === null ? 'register.add' : 'register.edit')}
      footer={null}
      onCancel={onClose}
      destroyOnHidden
      width={600}
    >
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={service === null ? { type: 'app' } : valuesOf(service)}
        onFinish={submit}
      >
        <NameFields
          at={['name']}
          example="service"
          onEnglish={(slug) => {
            if (!ownSlug) form.setFieldValue('slug', slug);
          }}
        />
        <div className="two-fields">
          <SlugField onOwn={() => setOwnSlug(true)} />
          <Form.Item name="type" label={say('register.type')}>
            <Segmented
              options={[
                { value: 'app', label: say('register.type.app') },
                { value: 'site', label: say('register.type.site') },
              ]}
            />
          </Form.Item>
        </div>
        <Form.Item name="jurisdictions" label={say('register.places')} extra={say('register.places.about')}>
          <Select
            mode="multiple"
            placeholder={say('register.not-stated')}
            options={places.map((value) => ({ value, label: say(`fact-word.${value}`) }))}
          />
        </Form.Item>
        <Form.Item name="addresses" label={say('register.addresses')} extra={say('register.addresses.about')}>
          <Input.TextArea autoSize={{ minRows: 1, maxRows: 6 }} placeholder="https://voice.shimmer.example" />
        </Form.Item>
        <Form.Item name={['about', 'zh']} label={say('register.about.zh')}>
          <Input.TextArea autoSize={{ minRows: 1, maxRows: 6 }} maxLength={4000} />
        </Form.Item>
        <Form.Item name={['about', 'en']} label={say('register.about.en')}>
          <Input.TextArea autoSize={{ minRows: 1, maxRows: 6 }} maxLength={4000} />
        </Form.Item>
        <Form.Item name="plannedLaunch" label={say('register.planned')}>
          <Input type="date" className="date-input" />
        </Form.Item>
        {problem}
        <Button type="primary" htmlType="submit" loading={saving}>
          {say(service === null ? 'register.add' : 'register.save')}
        </Button>
      </Form>
    </Modal>
  );
}

function valuesOf({ name, slug, type, addresses, description, jurisdictions, plannedLaunch }: Service): Wanted {
  return {
    name: { zh: name.zh ?? '', en: name.en ?? '' },
    slug,
    type,
    addresses: addresses.join('\n'),
    about: { zh: description?.zh ?? '', en: description?.en ?? '' },
    jurisdictions: jurisdictions ?? [],
    plannedLaunch: plannedLaunch ?? '',
  };
}

function changesOf({ name, slug, type, addresses, about, jurisdictions, plannedLaunch }: Wanted) {
  const zh = typed(about?.zh);
  const en = typed(about?.en);
  return {
    name: { zh: typed(name.zh), en: typed(name.en) },
    slug,
    type,
    addresses: (addresses ?? '').split(/\s+/).filter((address) => address !== ''),
    description: zh === null && en === null ? null : { zh, en },
    jurisdictions: jurisdictions && jurisdictions.length > 0 ? jurisdictions : null,
    plannedLaunch: typed(plannedLaunch),
  };
}

function newOf(wanted: Wanted) {
  return { ...changesOf(wanted), features: null, facts: {} };
}
