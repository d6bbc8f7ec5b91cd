import { BLUR_SHARE, colourNumbers } from '../../../../contract/photo-arithmetic.ts';
import { sourceOf } from '../../../../contract/photo-geometry.ts';
import { blurred, lumaOf } from '../../../../contract/photo-pixels.ts';
import type { PhotoRecipe } from '../../../../contract/photo-recipe.ts';
import type { Painter, Proxy } from './painter.ts';

const VERTEX = `#version 300 es
out vec2 place;
void main() {
  // One triangle over the whole canvas; rows go downwards, as in pictures.
  vec2 corner = vec2((gl_VertexID << 1) & 2, gl_VertexID & 2);
  place = vec2(corner.x, 1.0 - corner.y);
  gl_Position = vec4(corner * 2.0 - 1.0, 0.0, 1.0);
}`;

/** The formula of contract/photo-arithmetic.ts, which has the numbers. */
const FRAGMENT = `#version 300 es
precision highp float;
in vec2 place;
uniform sampler2D picture;
uniform sampler2D blur;
uniform sampler2D curves;
uniform mat3 from;
uniform mat3 colours;
uniform float sharpening;
out vec4 result;
void main() {
  vec2 at = (from * vec3(place, 1.0)).xy;
  vec4 source = texture(picture, at);
  float luma = dot(source.rgb, vec3(0.2126, 0.7152, 0.0722));
  float detail = sharpening * (luma - texture(blur, at).r);
  vec3 step = (clamp(source.rgb + detail, 0.0, 1.0) * 255.0 + 0.5) / 256.0;
  vec3 tone = vec3(
    texture(curves, vec2(step.r, 0.5)).r,
    texture(curves, vec2(step.g, 0.5)).g,
    texture(curves, vec2(step.b, 0.5)).b
  );
  bool inside = all(greaterThanEqual(at, vec2(0.0))) && all(lessThanEqual(at, vec2(1.0)));
  float alpha = inside ? source.a : 0.0;
  result = vec4(clamp(colours * tone, 0.0, 1.0) * alpha, alpha);
}`;

/** Null where there is no WebGL 2, or it can't do this. */
export function createWebglPainter(canvas: HTMLCanvasElement, proxy: Proxy): Painter | null {
  // Kept after drawing: tests and screenshots read it.
  const gl = canvas.getContext('webgl2', { antialias: false, preserveDrawingBuffer: true });
  const program = gl && linked(gl);
  if (!gl || !program) return null;
  gl.useProgram(program);
  const uniform = (name: string) => gl.getUniformLocation(program, name);
  const places = { from: uniform('from'), colours: uniform('colours'), sharpening: uniform('sharpening') };
  ['picture', 'blur', 'curves'].forEach((name, unit) => gl.uniform1i(uniform(name), unit));
  const textures = [0, 1, 2].map((unit) => texture(gl, unit));
  upload(gl, proxy);
  let blurs = false;

  return {
    kind: 'webgl',
    paint(recipe: PhotoRecipe) {
      const { curves, matrix, sharpening } = colourNumbers(recipe);
      if (sharpening > 0 && !blurs) blurs = uploadBlur(gl, proxy);
      gl.viewport(0, 0, canvas.width, canvas.height);
      gl.activeTexture(gl.TEXTURE2);
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA16F, 256, 1, 0, gl.RGBA, gl.FLOAT, interleaved(curves));
      const [a, b, c, d, e, f] = sourceOf(proxy, recipe);
      gl.uniformMatrix3fv(places.from, true, [a, b, c, d, e, f, 0, 0, 1]);
      gl.uniformMatrix3fv(places.colours, true, matrix);
      gl.uniform1f(places.sharpening, sharpening);
      gl.clear(gl.COLOR_BUFFER_BIT);
      gl.drawArrays(gl.TRIANGLES, 0, 3);
    },
    free() {
      textures.forEach((one) => gl.deleteTexture(one));
      gl.deleteProgram(program);
      gl.getExtension('WEBGL_lose_context')?.loseContext();
    },
  };
}

function linked(gl: WebGL2RenderingContext): WebGLProgram | null {
  const program = gl.createProgram();
  for (const [kind, source] of [
    [gl.VERTEX_SHADER, VERTEX],
    [gl.FRAGMENT_SHADER, FRAGMENT],
  ] as const) {
    const shader = gl.createShader(kind);
    if (!shader) return null;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
    gl.deleteShader(shader);
  }
  gl.linkProgram(program);
  if (gl.getProgramParameter(program, gl.LINK_STATUS)) return program;
  console.warn('the preview is drawn without WebGL', gl.getProgramInfoLog(program));
  return null;
}

function texture(gl: WebGL2RenderingContext, unit: number): WebGLTexture {
  const made = gl.createTexture();
  gl.activeTexture(gl.TEXTURE0 + unit);
  gl.bindTexture(gl.TEXTURE_2D, made);
  for (const axis of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) {
    gl.texParameteri(gl.TEXTURE_2D, axis, gl.CLAMP_TO_EDGE);
  }
  for (const way of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER])
    gl.texParameteri(gl.TEXTURE_2D, way, gl.LINEAR);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, 1, 1, 0, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
  return made;
}

function upload(gl: WebGL2RenderingContext, { pixels }: Proxy): void {
  gl.activeTexture(gl.TEXTURE0);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
  // The canvas is mostly smaller than the proxy: without these it would flicker while it is turned.
  gl.generateMipmap(gl.TEXTURE_2D);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR_MIPMAP_LINEAR);
}

/** Made when it is first needed: it takes longer than everything else. */
function uploadBlur(gl: WebGL2RenderingContext, { pixels, width, height }: Proxy): true {
  const luma = lumaOf({ data: pixels.data, width, height, channels: 4 });
  const soft = blurred(luma, width, height, BLUR_SHARE * Math.max(width, height));
  gl.activeTexture(gl.TEXTURE1);
  gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
  const bytes = Uint8Array.from(soft, Math.round);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.R8, width, height, 0, gl.RED, gl.UNSIGNED_BYTE, bytes);
  gl.generateMipmap(gl.TEXTURE_2D);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR_MIPMAP_LINEAR);
  return true;
}

function interleaved(curves: Float32Array): Float32Array {
  return Float32Array.from({ length: 1024 }, (_, at) =>
    at % 4 === 3 ? 1 : (curves[(at % 4) * 256 + Math.floor(at / 4)] ?? 0),
  );
}
