import type { Lang } from '../contract/lang.ts';
import type { Server } from '../platform/http/server.ts';
import { assessEffect, describeTarget } from './assessments.ts';
import { movingTo } from './dates.ts';
import { openDoor, Stopped } from './door.ts';
import { recordFilings } from './filings.ts';
import { type Chapter, chapters, readDemoNote, writeNote } from './folder.ts';
import { recordHappenings } from './happenings.ts';
import { makePipelineKey } from './key.ts';
import { labelFiles } from './labellings.ts';
import { foundOrganisations, invitePeople, openCrew } from './people.ts';
import { applyRepository, type Places } from './register.ts';
import { screenUploads } from './screenings.ts';

export interface DemoSetup extends Places {
  server: Server;
  /** The one-time link of the first administrator; null once somebody is there. */
  setupLink: () => Promise<string | null>;
  publicUrl: string;
  now: () => Date;
  lang: Lang;
  /** Where the sample platform listens; null when it did not start. */
  platform: string | null;
}

export interface Demo {
  /** Of everybody who is invented. */
  password: string;
  /** True when a start before this one told the whole story. */
  filled: boolean;
  /** Tells what is missing of the story, and goes on where a start before was ended. Throws what could not be done. */
  fill(onProgress: (progress: Progress) => void): Promise<'filled' | 'stopped'>;
  /** Ends the filling after the request that is under way. */
  stop(): void;
}

export type Progress = { chapter: Chapter; done?: number; all?: number };

/**
 * Opens the demo of a folder that `guardFolder` let through. When it returns, both organisations are there and somebody of each can sign
 * in; so this comes before anybody is answered, and no visitor finds a server without an owner.
 */
export async function openDemo(setup: DemoSetup): Promise<Demo> {
  const { server, folder, publicUrl, lang } = setup;
  let note = readDemoNote(folder, lang);
  let stopped = false;
  const { password } = note;
  const door = openDoor(server, { publicUrl, stopped: () => stopped });
  if (!note.standing) {
    const setupLink = await setup.setupLink();
    if (setupLink === null) throw new Error('the database of a new demo is not empty');
    await foundOrganisations(door, { setupLink, password });
    note = { ...note, standing: true };
    await writeNote(folder, note);
  }
  // Without the sample platform there is nothing to assess; a later start may have it.
  const told = chapters.filter((chapter) => chapter !== 'assessments' || setup.platform !== null);
  const left = () => told.filter((chapter) => !note.done.includes(chapter));
  return {
    password,
    filled: left().length === 0,
    fill: async (onProgress) => {
      const crew = openCrew(door, password);
      const move = movingTo(setup.now());
      const scene = setup.platform === null ? null : { root: setup.root, platform: setup.platform, move };
      const tell: Record<Chapter, () => Promise<void>> = {
        people: () => invitePeople(crew, door, password),
        register: () => applyRepository(crew, door, { places: setup, move }),
        happenings: () => recordHappenings(crew, door, move),
        filings: () => recordFilings(crew, door, move),
        key: () => makePipelineKey(crew, door, folder),
        screenings: () =>
          screenUploads(crew, door, {
            places: setup,
            onExamined: (done, all) => onProgress({ chapter: 'screenings', done, all }),
          }),
        labellings: () => labelFiles(crew, door),
        assessments: async () => {
          if (scene) await assessEffect(crew, door, scene);
        },
      };
      try {
        if (scene && note.done.includes('assessments')) await describeTarget(crew, door, scene);
        for (const chapter of left()) {
          onProgress({ chapter });
          await tell[chapter]();
          note = { ...note, done: [...note.done, chapter] };
          await writeNote(folder, note);
        }
        await crew.leave();
        return 'filled';
      } catch (error) {
        if (error instanceof Stopped) return 'stopped';
        throw error;
      }
    },
    stop: () => {
      stopped = true;
    },
  };
}
