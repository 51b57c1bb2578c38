import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import type { Service } from '../../../src/contract/register.ts';
import { moveService, registerKey } from '../../api/register.ts';
import { useNotice } from '../../ui/notice.tsx';
import { useLang, useWords } from '../../words/words.ts';
import { nameIn } from '../rulebooks/names.ts';
import { MoveDialog, type Moved } from './move-dialog.tsx';

/** The steps that may follow the service's present state. */
export function ServiceMoves({ service }: { service: Service }) {
  const say = useWords();
  const lang = useLang();
  const notice = useNotice();
  const client = useQueryClient();
  const [to, setTo] = useState<'launched' | 'withdrawn' | null>(null);
  const move = useMutation({
    mutationFn: ({ on, reason }: Moved) =>
      moveService(service.id, { to: to ?? 'launched', revision: service.revision, on, reason: reason ?? null }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: registerKey });
      notice.done(say(`register.moved.${to ?? 'launched'}`));
      setTo(null);
    },
  });
  return (
    <div className="service-moves">
      {service.state === 'planned' && (
        <Button size="small" onClick={() => setTo('launched')}>
          {say('register.move.service.launched')}
        </Button>
      )}
      <Button size="small" type="text" onClick={() => setTo('withdrawn')}>
        {say('register.move.service.withdrawn')}
      </Button>
      {to && (
        <MoveDialog
          to={to}
          name={nameIn(service.name, lang)}
          closed={false}
          busy={move.isPending}
          error={move.error}
          onMove={move.mutate}
          onClose={() => {
            move.reset();
            setTo(null);
          }}
        />
      )}
    </div>
  );
}
