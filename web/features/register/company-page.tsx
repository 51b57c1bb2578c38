import { PlusOutlined } from '@ant-design/icons';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Form, Input, Segmented } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Company, companyKinds } from '../../../src/contract/company.ts';
import { useMay } from '../../api/me.ts';
import { type CompanyBody, companyQuery, putCompany, registerKey } from '../../api/register.ts';
import { showFieldProblems } from '../../ui/form-problems.ts';
import { useNotice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Waiting } from '../../ui/waiting.tsx';
import { useWords } from '../../words/words.ts';
import { EditConflict, isConflict } from './edit-conflict.tsx';
import { NameFields } from './fields.tsx';
import './register.css';
import { UsccField } from './uscc-field.tsx';

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
  const [revision, setRevision] = useState(company?.revision ?? 0);
  const kind = Form.useWatch('kind', form) ?? company?.kind ?? 'unit';
  const save = useMutation({
    mutationFn: ({ wanted, seen }: { wanted: Wanted; seen: number }) => putCompany(bodyOf(wanted, seen)),
    onSuccess: async (saved) => {
      setRevision(saved.revision);
      await client.invalidateQueries({ queryKey: registerKey });
      notice.done(say('register.saved'));
    },
    onError: (error) => {
      if (!isConflict(error)) showFieldProblems(form, error);
    },
  });
  const theirs = async () => (await client.fetchQuery({ ...companyQuery, staleTime: 0 })).company;
  const takeTheirs = async () => {
    const fresh = await theirs();
    if (!fresh) return;
    form.setFieldsValue(valuesOf(fresh));
    setRevision(fresh.revision);
    save.reset();
  };
  const keepMine = async () => save.mutate({ wanted: form.getFieldsValue(), seen: (await theirs())?.revision ?? 0 });
  return (
    <Form
      form={form}
      layout="vertical"
      requiredMark={false}
      disabled={!may}
      initialValues={company ? valuesOf(company) : { kind: 'unit', contacts: [{}] }}
      onFinish={(wanted) => save.mutate({ wanted, seen: revision })}
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
      {save.error && (
        <Form.Item>
          {isConflict(save.error) ? (
            <EditConflict error={save.error} onTheirs={() => void takeTheirs()} onMine={() => void keepMine()} />
          ) : (
            <ProblemNote error={save.error} />
          )}
        </Form.Item>
      )}
      {may ? (
        <Button type="primary" htmlType="submit" loading={save.isPending}>
          {say('register.save')}
        </Button>
      ) : (
        <p className="quiet">{say('register.company.read-only')}</p>
      )}
    </Form>
  );
}

function Contacts() {
  const say = useWords();
  return (
    <fieldset className="rows">
      <legend>{say('register.contacts')}</legend>
      <Form.List name="contacts">
        {(fields, { add, remove }) => (
          <>
            {fields.map(({ key, name }) => (
              <div key={key} className="row-fields">
                <Form.Item
                  name={[name, 'name']}
                  label={say('register.contact.name')}
                  rules={[{ required: true, whitespace: true, message: say('register.contact.name.missing') }]}
                >
                  <Input maxLength={100} autoComplete="off" />
                </Form.Item>
                <Form.Item
                  name={[name, 'phone']}
                  label={say('register.contact.phone')}
                  rules={[{ pattern: /^[+()0-9 -]{5,30}$/, message: say('register.contact.phone.wrong') }]}
                >
                  <Input maxLength={30} inputMode="tel" autoComplete="off" />
                </Form.Item>
                <Form.Item
                  name={[name, 'email']}
                  label={say('register.contact.email')}
                  rules={[{ type: 'email', message: say('register.contact.email.wrong') }]}
                >
                  <Input maxLength={254} inputMode="email" autoComplete="off" />
                </Form.Item>
                <Button type="text" size="small" onClick={() => remove(name)}>
                  {say('register.row.drop')}
                </Button>
              </div>
            ))}
            <Button size="small" icon={<PlusOutlined />} onClick={() => add({})}>
              {say('register.contact.add')}
            </Button>
          </>
        )}
      </Form.List>
    </fieldset>
  );
}

function Licences() {
  const say = useWords();
  return (
    <fieldset className="rows">
      <legend>{say('register.licences')}</legend>
      <Form.List name="licences">
        {(fields, { add, remove }) => (
          <>
            {fields.map(({ key, name }) => (
              <div key={key} className="row-fields">
                <Form.Item
                  name={[name, 'name']}
                  label={say('register.licence.name')}
                  rules={[{ required: true, whitespace: true, message: say('register.licence.name.missing') }]}
                >
                  <Input maxLength={200} autoComplete="off" />
                </Form.Item>
                <Form.Item
                  name={[name, 'number']}
                  label={say('register.licence.number')}
                  rules={[{ required: true, whitespace: true, message: say('register.licence.number.missing') }]}
                >
                  <Input maxLength={100} autoComplete="off" />
                </Form.Item>
                <Form.Item name={[name, 'validUntil']} label={say('register.licence.until')}>
                  <Input type="date" />
                </Form.Item>
                <Button type="text" size="small" onClick={() => remove(name)}>
                  {say('register.row.drop')}
                </Button>
              </div>
            ))}
            <Button size="small" icon={<PlusOutlined />} onClick={() => add({})}>
              {say('register.licence.add')}
            </Button>
          </>
        )}
      </Form.List>
    </fieldset>
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
    name: { zh: whole(name.zh), en: whole(name.en) },
    uscc: kind === 'unit' ? whole(uscc) : null,
    placeOfRegistration: whole(placeOfRegistration),
    operationsPlace: whole(operationsPlace),
    contacts: contacts.map((contact) => ({
      name: contact.name?.trim() ?? '',
      phone: whole(contact.phone),
      email: whole(contact.email),
    })),
    licences: licences.map((licence) => ({
      name: licence.name?.trim() ?? '',
      number: licence.number?.trim() ?? '',
      validUntil: whole(licence.validUntil),
    })),
  };
}

function whole(text: string | undefined): string | null {
  const trimmed = text?.trim() ?? '';
  return trimmed === '' ? null : trimmed;
}
