/** Where a picture stands in the room it is looked at through: its scale, and its top left corner in CSS px. */
export interface View {
  readonly zoom: number;
  readonly x: number;
  readonly y: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Another scale, with what is under `at` where it is. */
export function zoomedAt(view: View, zoom: number, at: { x: number; y: number }): View {
  const by = zoom / view.zoom;
  return { zoom, x: at.x - (at.x - view.x) * by, y: at.y - (at.y - view.y) * by };
}

/** The nearest view that leaves no empty room where there is picture for it; a smaller picture is in the middle. */
export function keptInView(view: View, picture: Size, room: Size): View {
  const within = (at: number, length: number, space: number) =>
    length <= space ? (space - length) / 2 : Math.min(0, Math.max(space - length, at));
  return {
    zoom: view.zoom,
    x: within(view.x, picture.width * view.zoom, room.width),
    y: within(view.y, picture.height * view.zoom, room.height),
  };
}
