export const enFind = {
  bar: 'Search in this conversation',
  search: 'Search in conversation',
  open: 'Search in conversation…',
  previous: 'Previous match',
  next: 'Next match',
  close: 'Close the search',
  count: '{at} of {total}',
  more: '{at} of {total} or more',
  searching: 'Searching…',
  none: 'Nothing found',
};

export const enPins = {
  bar: 'Pinned messages',
  show: 'Pinned message {at} of {total}: {text}',
  place: 'Pinned · {at} of {total}',
  one: 'Pinned message',
  pin: 'Pin message',
  unpin: 'Unpin message',
  picture: 'Photo',
  pinnedToast: 'Pinned, for you alone.',
  unpinnedToast: 'No longer pinned.',
};

export const enGallery = {
  title: 'Media, files and links',
  open: 'Media, files and links',
  close: 'Close media, files and links',
  photos: 'Photos',
  videos: 'Videos',
  files: 'Files',
  links: 'Links',
  photo: 'Photo of {date}',
  video: 'Video of {date}',
  toMessage: 'Show in conversation',
  loading: 'Fetching…',
  emptyPhotos: 'No photos yet',
  emptyVideos: 'No videos yet',
  emptyFiles: 'No files yet',
  emptyLinks: 'No links yet',
  emptyHint: 'What you send each other in this conversation is collected here.',
};

export const enDetails = {
  title: 'Message details',
  open: 'Details',
  from: 'From',
  you: 'You',
  state: 'State',
  written: 'Sent',
  onServer: 'Reached the server',
  delivered: 'Delivered',
  read: 'Read',
  edited: 'Edited',
  unknown: 'Not known',
  notYet: 'Not yet',
  failed: 'The details could not be read.',
};
