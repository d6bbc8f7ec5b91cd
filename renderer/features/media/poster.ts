/** px of the picture's long edge. */
const EDGE = 640;
/** ms until a video that does not open is given up. */
const PATIENCE = 10_000;

export interface Poster {
  readonly picture: File;
  /** px of the video itself. */
  readonly width: number;
  readonly height: number;
}

const happened = (video: HTMLVideoElement, name: string) =>
  new Promise<boolean>((resolve) => {
    const timer = setTimeout(() => resolve(false), PATIENCE);
    const end = (result: boolean) => {
      clearTimeout(timer);
      resolve(result);
    };
    video.addEventListener(name, () => end(true), { once: true });
    video.addEventListener('error', () => end(false), { once: true });
  });

/** A picture out of the beginning of a video, as JPEG; null for one that can't be played here. */
export async function posterOf(file: File): Promise<Poster | null> {
  const video = document.createElement('video');
  video.muted = true;
  video.preload = 'auto';
  const url = URL.createObjectURL(file);
  try {
    const loaded = happened(video, 'loadeddata');
    video.src = url;
    if (!(await loaded) || video.videoWidth === 0) return null;
    // The very first picture is often black.
    if (Number.isFinite(video.duration) && video.duration > 1) {
      const sought = happened(video, 'seeked');
      video.currentTime = Math.min(1, video.duration / 10);
      await sought;
    }
    return await drawn(video);
  } finally {
    video.removeAttribute('src');
    video.load();
    URL.revokeObjectURL(url);
  }
}

async function drawn(video: HTMLVideoElement): Promise<Poster | null> {
  const { videoWidth: width, videoHeight: height } = video;
  const scale = Math.min(1, EDGE / Math.max(width, height));
  const canvas = new OffscreenCanvas(
    Math.max(1, Math.round(width * scale)),
    Math.max(1, Math.round(height * scale)),
  );
  canvas.getContext('2d')?.drawImage(video, 0, 0, canvas.width, canvas.height);
  const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.85 });
  return { picture: new File([blob], 'poster.jpg', { type: 'image/jpeg' }), width, height };
}
