package dev.weft.format.safetensors;

import dev.weft.protocol.error.InvalidJson;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads and checks the JSON header of one file. */
final class HeaderReader {
    /** The most JSON tokens of a header; each tensor has some 15. */
    private static final long MOST_TOKENS = 2_000_000;

    private static final int MOST_DEPTH = 16;

    private static final JsonMapper JSON =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxTokenCount(MOST_TOKENS)
                                                    .maxNestingDepth(MOST_DEPTH)
                                                    .build())
                                    .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build();

    static final String METADATA = "__metadata__";

    /** A language model's tensors have no more dimensions. */
    private static final int MAX_DIMENSIONS = 8;

    private record Span(String name, long begin, long end) {}

    private final String file;
    private final MemorySegment data;

    HeaderReader(String file, MemorySegment data) {
        this.file = file;
        this.data = data;
    }

    SafetensorsFile read(byte[] header) throws SafetensorsException {
        JsonNode root = parse(file, header);
        Map<String, String> metadata = Map.of();
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        List<Span> spans = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : root.properties()) {
            if (entry.getKey().equals(METADATA)) {
                metadata = metadata(entry.getValue());
            } else {
                Span span = span(entry.getKey(), entry.getValue());
                spans.add(span);
                tensors.put(entry.getKey(), tensor(span, entry.getValue()));
            }
        }
        checkCover(spans);
        return new SafetensorsFile(metadata, tensors, data);
    }

    static JsonNode parse(String file, byte[] header) throws SafetensorsException {
        try {
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(header)).toString();
            JsonNode root = JSON.readTree(text);
            if (!root.isObject()) {
                throw new SafetensorsException(file + ": the header is not a JSON object");
            }
            return root;
        } catch (CharacterCodingException e) {
            throw new SafetensorsException(file + ": the header is not UTF-8");
        } catch (JacksonException e) {
            throw new SafetensorsException(
                    file + ": the header is not valid JSON: " + InvalidJson.words(e));
        }
    }

    private Map<String, String> metadata(JsonNode node) throws SafetensorsException {
        Map<String, String> metadata = new LinkedHashMap<>();
        if (!node.isObject() && !node.isNull()) {
            throw new SafetensorsException(
                    file + ": " + METADATA + " is no object, allowed is a map of strings");
        }
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            if (!entry.getValue().isString()) {
                throw new SafetensorsException(file + ": a value of " + METADATA + " is no string");
            }
            metadata.put(entry.getKey(), entry.getValue().asString());
        }
        return metadata;
    }

    private Span span(String name, JsonNode entry) throws SafetensorsException {
        JsonNode offsets = entry.path("data_offsets");
        if (!offsets.isArray()
                || offsets.size() != 2
                || !isLong(offsets.path(0))
                || !isLong(offsets.path(1))) {
            throw fault(name, "data_offsets are " + offsets + ", allowed are two integers");
        }
        long begin = offsets.path(0).asLong();
        long end = offsets.path(1).asLong();
        if (begin < 0 || end < begin || end > data.byteSize()) {
            throw fault(
                    name,
                    "data_offsets ["
                            + begin
                            + ", "
                            + end
                            + "] leave the file's "
                            + data.byteSize()
                            + " bytes of data");
        }
        return new Span(name, begin, end);
    }

    private Tensor tensor(Span span, JsonNode entry) throws SafetensorsException {
        DType dtype = dtype(span.name, entry.path("dtype"));
        List<Long> shape = shape(span.name, entry.path("shape"));
        long bytes = dtype.bytes();
        try {
            for (long d : shape) {
                bytes = Math.multiplyExact(bytes, d);
            }
        } catch (ArithmeticException e) {
            throw fault(span.name, "shape " + shape + " is larger than any file");
        }
        if (bytes != span.end - span.begin) {
            throw fault(
                    span.name,
                    "shape "
                            + shape
                            + " of "
                            + dtype
                            + " takes "
                            + bytes
                            + " bytes, data_offsets hold "
                            + (span.end - span.begin));
        }
        return new Tensor(span.name, dtype, shape, data.asSlice(span.begin, bytes));
    }

    private DType dtype(String name, JsonNode node) throws SafetensorsException {
        for (DType dtype : DType.values()) {
            if (dtype.name().equals(node.asString(""))) {
                return dtype;
            }
        }
        throw fault(name, "dtype " + node + " is unknown");
    }

    private List<Long> shape(String name, JsonNode node) throws SafetensorsException {
        if (!node.isArray() || node.size() > MAX_DIMENSIONS) {
            throw fault(name, "shape is " + node + ", allowed is a list of up to 8 sizes");
        }
        List<Long> shape = new ArrayList<>();
        for (JsonNode size : node) {
            if (!isLong(size) || size.asLong() < 0) {
                throw fault(name, "shape holds " + size + ", allowed are sizes from 0 on");
            }
            shape.add(size.asLong());
        }
        return shape;
    }

    private static boolean isLong(JsonNode node) {
        return node.isIntegralNumber() && node.canConvertToLong();
    }

    /** As in the reference, each byte of the data belongs to exactly one tensor. */
    private void checkCover(List<Span> spans) throws SafetensorsException {
        spans.sort(Comparator.comparingLong(Span::begin).thenComparingLong(Span::end));
        long at = 0;
        String before = "the header";
        for (Span span : spans) {
            if (span.begin < at) {
                throw fault(span.name, "its bytes overlap those of " + before);
            }
            if (span.begin > at) {
                throw fault(
                        span.name,
                        "data_offsets begin at "
                                + span.begin
                                + ", allowed is "
                                + at
                                + ", where "
                                + before
                                + " ends");
            }
            at = span.end;
            before = span.name;
        }
        if (at < data.byteSize()) {
            throw new SafetensorsException(
                    file
                            + ": "
                            + (data.byteSize() - at)
                            + " bytes at the end of the file belong to no tensor");
        }
    }

    private SafetensorsException fault(String tensor, String what) {
        return new SafetensorsException(file + ": tensor " + tensor + ": " + what);
    }
}
