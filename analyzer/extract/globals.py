"""Names that every program has: a mention of one that is bound nowhere leads to no module."""

GLOBALS = frozenset(
    """
    AbortController AbortSignal AggregateError Array ArrayBuffer Atomics BigInt Blob Boolean Buffer Bun CSS CustomEvent DOMException
    DOMParser DataView Date Deno Element Error Event EventSource EventTarget File FileReader Float32Array Float64Array FormData
    Function HTMLElement Headers Image Infinity Int16Array Int32Array Int8Array IntersectionObserver Intl JSON KeyboardEvent Map
    Math MessageChannel MouseEvent MutationObserver NaN Node NodeJS Number Object Promise Proxy RangeError React ReadableStream
    ReferenceError Reflect RegExp Request ResizeObserver Response Set String Symbol SyntaxError TextDecoder TextEncoder
    TransformStream TypeError URL URLSearchParams Uint16Array Uint32Array Uint8Array WeakMap WeakRef WeakSet WebSocket Window
    Worker WritableStream XMLHttpRequest __dirname __filename afterAll afterEach alert arguments atob beforeAll beforeEach btoa
    cancelAnimationFrame clearInterval clearTimeout confirm console crypto decodeURIComponent describe document encodeURIComponent
    eval expect exports fetch global globalThis history isFinite isNaN it jest localStorage location module navigator parseFloat
    parseInt performance process queueMicrotask require requestAnimationFrame self sessionStorage setImmediate setInterval
    setTimeout structuredClone suite test undefined vi window
    """.split()  # noqa: SIM905
)
