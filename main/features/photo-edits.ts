import { PostcardError } from '../../contract/errors.ts';
import type { Handlers } from '../../contract/index.ts';
import { isNeutral } from '../../contract/photo-recipe.ts';
import { sound } from '../../contract/photo-geometry.ts';
import type { Events } from '../events.ts';
import {
  conversationById,
  photoChoice,
  setPhotoChoice,
  setRecipe,
  stagedById,
  type WritableDb,
} from '../store/index.ts';
import { tellStaged } from './staged-photos.ts';

export interface PhotoEdits {
  readonly handlers: Pick<Handlers, 'photos.setRecipe' | 'photos.choice' | 'photos.choose'>;
}

/** Recipes of staged photos and what was chosen for a conversation; see docs/mechanisms/photo-editor.md. */
export function createPhotoEdits(o: { db: WritableDb; events: Events }): PhotoEdits {
  const { db } = o;
  return {
    handlers: {
      'photos.setRecipe': ({ id, recipe }) => {
        const row = stagedById(db, id);
        if (!row) throw new PostcardError('not-found');
        if (row.frames > 1) throw new PostcardError('image-unsupported', { format: 'animated' });
        setRecipe(db, id, recipe && !isNeutral(recipe) ? sound(row, recipe) : null);
        tellStaged(db, o.events, row.conversationId);
      },
      'photos.choice': ({ conversationId }) => photoChoice(db, conversationId),
      'photos.choose': ({ conversationId, quality, metadata }) => {
        if (!conversationById(db, conversationId)) throw new PostcardError('not-found');
        setPhotoChoice(db, conversationId, { quality, metadata });
      },
    },
  };
}
