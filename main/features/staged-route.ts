import * as v from 'valibot';
import { stagedPhotoId } from '../../contract/ids.ts';
import { isNeutral, keepsShape, withoutColours, type PhotoRecipe } from '../../contract/photo-recipe.ts';
import type { Media, StoredFile } from '../media/index.ts';
import { stagedById, type ReadableDb, type StagedRow } from '../store/index.ts';
import { crossing } from './media-errors.ts';
import { RENDERED, type Shown } from './shown-file.ts';

/** px of the long edge: in the list, in the editor, and of what a page can't show as it is. */
const LIST_EDGE = 640;
const PROXY_EDGE = 1600;
const FULL_EDGE = 30_000;
/** Rendered pictures that are found again without the worker. */
const KEPT = 200;

const shown = ({ sha256, mediaType }: StoredFile): Shown => ({ sha256, mediaType, name: null });

/**
 * `/media/staged/ID`: as it will be, small. `/proxy`: as it was chosen, upright, for the editor. `/original`: as it
 * was chosen with all its pixels, cut and turned like the result, so that the two can lie one above the other.
 */
export function createStagedRoute({ db, media }: { db: ReadableDb; media: Media }) {
  const rendered = new Map<string, StoredFile>();

  const render = async (row: StagedRow, recipe: PhotoRecipe, edge: number): Promise<Shown | null> => {
    const key = `${row.sha256} ${edge} ${JSON.stringify(recipe)}`;
    const known = rendered.get(key);
    if (known && media.store.has(known.sha256)) return shown(known);
    const path = media.store.path(row.sha256);
    if (path === null) return null;
    const file = await crossing(media.render(path, recipe, edge));
    rendered.set(key, file);
    for (const oldest of rendered.keys()) {
      if (rendered.size <= KEPT) break;
      rendered.delete(oldest);
    }
    return shown(file);
  };
  const thumbnail = async (row: StagedRow, edge: number) =>
    shown(await crossing(media.thumbnail(row.sha256, edge)));

  const original = async (row: StagedRow): Promise<Shown | null> => {
    if (row.recipe && !keepsShape(row.recipe)) return render(row, withoutColours(row.recipe), FULL_EDGE);
    if (RENDERED.has(row.mediaType)) return { sha256: row.sha256, mediaType: row.mediaType, name: null };
    return thumbnail(row, FULL_EDGE);
  };

  return {
    async find(key: string, form: string): Promise<Shown | null> {
      const id = v.safeParse(stagedPhotoId, Number(key));
      const row = id.success ? stagedById(db, id.output) : null;
      if (!row) return null;
      if (form === 'original') return original(row);
      if (form === 'proxy') return thumbnail(row, PROXY_EDGE);
      if (form !== '') return null;
      if (row.recipe && !isNeutral(row.recipe)) return render(row, row.recipe, LIST_EDGE);
      return thumbnail(row, LIST_EDGE);
    },
  };
}
