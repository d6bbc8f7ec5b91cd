/** Changing, comparing and sending photos: what is beside their list. */
export const enPhotoEditor = {
  photoMetadata: {
    title: 'Metadata',
    none: 'Remove everything',
    noneHint: 'Only the picture is sent.',
    credit: 'Keep copyright, author and date',
    creditHint: 'Camera, settings and all else are removed.',
    'all-but-location': 'Keep everything but the location',
    'all-but-locationHint': 'Camera and settings are sent along.',
    all: 'Keep everything',
    allHint: 'Nothing is removed.',
    placeSent: 'The place where the photos were taken is sent along.',
    placeRemoved: 'The place where the photos were taken is removed before sending.',
    sharpen: 'Sharpen when made smaller',
  },
};
