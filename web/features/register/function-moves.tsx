import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import type { ServiceFunction } from '../../../src/contract/register.ts';
import { moveFunction, registerKey } from '../../api/register.ts';
import { useNotice } from '../../ui/notice.tsx';
import { useLang, useWords } from '../../words/words.ts';
import { LinkButton } from '../rulebooks/link-button.tsx';
import { nameIn } from '../rulebooks/names.ts';
import { MoveDialog, type Moved } from './move-dialog.tsx';

/** Only the steps that may follow its present state. */
export function FunctionMoves({ one, gateOpen }: { one: ServiceFunction; gateOpen: boolean | undefined }) {
  const say = useWords();
  const lang = useLang();
  const notice = useNotice();
  const client = useQueryClient();
  const [to, setTo] = useState<'launched' | 'withdrawn' | null>(null);
  const move = useMutation({
    mutationFn: ({ on, reason }: Moved) => {
      const { id, revision } = one;
      return to === 'withdrawn'
        ? moveFunction(id, { to: 'withdrawn', revision, on, reason: reason ?? '' })
        : moveFunction(id, { to: 'launched', revision, on });
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: registerKey });
      notice.done(say(`register.moved.${to ?? 'launched'}`));
      setTo(null);
    },
  });
  if (one.state === 'withdrawn') return null;
  const plan = `/services/${one.service.slug}/plan?function=${encodeURIComponent(one.slug)}`;
  return (
    <>
      {one.state === 'launched' ? (
        <LinkButton size="small" to={`${plan}&event=change-function`}>
          {say('register.move.change')}
        </LinkButton>
      ) : (
        <>
          <Button size="small" onClick={() => setTo('launched')}>
            {say('register.move.launched')}
          </Button>
          <LinkButton size="small" to={plan}>
            {say('register.move.replan')}
          </LinkButton>
        </>
      )}
      <Button size="small" type="text" onClick={() => setTo('withdrawn')}>
        {say('register.move.withdrawn')}
      </Button>
      {to && (
        <MoveDialog
          to={to}
          name={nameIn(one.name, lang)}
          closed={to === 'launched' && gateOpen === false}
          busy={move.isPending}
          error={move.error}
          onMove={move.mutate}
          onClose={() => {
            move.reset();
            setTo(null);
          }}
        />
      )}
    </>
  );
}
