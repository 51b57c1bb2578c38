import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Form, Input, Segmented } from 'antd';
import { Link } from 'react-router';
import type { Company, companyKinds } from '../../../src/contract/company.ts';
import { useMay } from '../../api/me.ts';
import { type CompanyBody, companyQuery, putCompany } from '../../api/register.ts';
import { useNotice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { typed } from '../../ui/typed.ts';
import { Waiting } from '../../ui/waiting.tsx';
import { useWords } from '../../words/words.ts';
import { Contacts, Licences } from './company-rows.tsx';
import { NameFields } from './fields.tsx';
import './register.css';
import { UsccField } from './uscc-field.tsx';
import { useEdit } from './use-edit.tsx';

interface Wanted {
  kind: (typeof companyKinds)[number];
  name: { zh?: string; en?: string };
  uscc?: string;
  placeOfRegistration?: string;
  operationsPlace?: string;
  contacts?: { name?: string; phone?: string; email?: string }[];
  licences?: { name?: string; number?: string; validUntil?: string }[];
}

/** What the company says about itself: it stands on every form that is filed. */
export function CompanyPage() {
  const say = useWords();
  const { data, error, refetch } = useQuery(companyQuery);
  return (
    <Page
      width="text"
      title={say('register.company')}
      lead={say('register.company.lead')}
      above={<Link to="/services">{say('register.title')}</Link>}
    >
      {data ? (
        <CompanyForm company={data.company} />
      ) : error ? (
        <ProblemNote error={error} onRetry={() => void refetch()} />
      ) : (
        <Waiting lines={6} />
      )}
    </Page>
  );
}

function CompanyForm({ company }: { company: Company | null }) {
  const say = useWords();
  const notice = useNotice();
  const client = useQueryClient();
  const may = useMay('administrator', 'assessor');
  const [form] = Form.useForm<Wanted>();
  const kind = Form.useWatch('kind', form) ?? company?.kind ?? 'unit';
  const { submit, saving, problem } = useEdit({
    form,
    seen: company,
    fresh: async () => (await client.fetchQuery({ ...companyQuery, staleTime: 0 })).company,
    valuesOf,
    save: (wanted, revision) => putCompany(bodyOf(wanted, revision)),
    onSaved: () => notice.done(say('register.saved')),
  });
  return (
    <Form
      form={form}
      layout="vertical"
      requiredMark={false}
      disabled={!may}
      initialValues={company ? valuesOf(company) : { kind: 'unit', contacts: [{}] }}
      onFinish={submit}
    >
      <Form.Item name="kind" label={say('register.company.kind')}>
        <Segmented
          options={[
            { value: 'unit', label: say('register.company.unit') },
            { value: 'person', label: say('register.company.person') },
          ]}
        />
      </Form.Item>
      <NameFields at={['name']} example="company" />
      {kind === 'unit' && <UsccField />}
      <Form.Item
        name="placeOfRegistration"
        label={say(kind === 'unit' ? 'register.company.registered' : 'register.company.residence')}
      >
        <Input maxLength={300} />
      </Form.Item>
      <Form.Item name="operationsPlace" label={say('register.company.operations')}>
        <Input maxLength={300} />
      </Form.Item>
      <Contacts />
      <Licences />
      {problem}
      {may ? (
        <Button type="primary" htmlType="submit" loading={saving}>
          {say('register.save')}
        </Button>
      ) : (
        <p className="quiet">{say('register.company.read-only')}</p>
      )}
    </Form>
  );
}

function valuesOf({ kind, name, uscc, placeOfRegistration, operationsPlace, contacts, licences }: Company): Wanted {
  return {
    kind,
    name: { zh: name.zh ?? '', en: name.en ?? '' },
    uscc: uscc ?? '',
    placeOfRegistration: placeOfRegistration ?? '',
    operationsPlace: operationsPlace ?? '',
    contacts: contacts.map((contact) => ({
      name: contact.name,
      phone: contact.phone ?? '',
      email: contact.email ?? '',
    })),
    licences: licences.map((licence) => ({ ...licence, validUntil: licence.validUntil ?? '' })),
  };
}

function bodyOf(wanted: Wanted, revision: number): CompanyBody {
  const { kind, name, uscc, placeOfRegistration, operationsPlace, contacts = [], licences = [] } = wanted;
  return {
    revision,
    kind,
    name: { zh: typed(name.zh), en: typed(name.en) },
    uscc: kind === 'unit' ? typed(uscc) : null,
    placeOfRegistration: typed(placeOfRegistration),
    operationsPlace: typed(operationsPlace),
    contacts: contacts.map((contact) => ({
      name: typed(contact.name) ?? '',
      phone: typed(contact.phone),
      email: typed(contact.email),
    })),
    licences: licences.map((licence) => ({
      name: typed(licence.name) ?? '',
      number: typed(licence.number) ?? '',
      validUntil: typed(licence.validUntil),
    })),
  };
}
