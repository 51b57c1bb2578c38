import { useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { listServices, registerKey } from '../../api/register.ts';
import { useLang, useWords } from '../../words/words.ts';
import { nameIn } from '../rulebooks/names.ts';
import { Labelled } from './labelled.tsx';
import type { Subject } from './subject.ts';

/** Which service it is about; of one that is registered, the facts are known already. */
export function ServiceLine({ subject }: { subject: Subject }) {
  const say = useWords();
  const lang = useLang();
  const navigate = useNavigate();
  const [search, setSearch] = useState('');
  const { data } = useQuery({
    queryKey: [...registerKey, 'choose', search],
    queryFn: () => listServices({ state: 'live', limit: 30, search: search === '' ? undefined : search }),
  });
  const { service, functions, function: own } = subject;
  const services = [...(data?.items ?? []), ...(service ? [service] : [])];
  const options = [...new Map(services.map(({ slug, name }) => [slug, nameIn(name, lang)]))].map(([value, label]) => ({
    value,
    label,
  }));
  const open = functions.filter(({ state }) => state !== 'withdrawn');
  return (
    <div className="service-line">
      <Labelled label={say('question.service')}>
        {(id) => (
          <Select
            id={id}
            allowClear
            showSearch={{ filterOption: false, onSearch: setSearch }}
            value={service?.slug ?? null}
            placeholder={say('question.service.none')}
            options={options}
            onChange={(slug) => void navigate(slug ? `/services/${slug}/plan` : '/plan')}
          />
        )}
      </Labelled>
      {service && open.length > 0 && (
        <Labelled label={say('question.function')}>
          {(id) => (
            <Select
              id={id}
              allowClear
              value={own?.slug ?? null}
              placeholder={say('question.function.new')}
              options={open.map(({ slug, name }) => ({ value: slug, label: nameIn(name, lang) }))}
              onChange={(slug) =>
                void navigate(`/services/${service.slug}/plan${slug ? `?function=${encodeURIComponent(slug)}` : ''}`)
              }
            />
          )}
        </Labelled>
      )}
    </div>
  );
}
