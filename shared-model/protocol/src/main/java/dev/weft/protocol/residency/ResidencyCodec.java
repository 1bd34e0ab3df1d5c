package dev.weft.protocol.residency;

import static dev.weft.protocol.json.RequiredField.required;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.weft.protocol.adapter.AdapterDigest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Reports and orders as JSON; both ends use it. It keeps no state. Any thread. */
public final class ResidencyCodec {
    private static final JsonMapper JSON = JsonMapper.shared();

    /**
     * The most bytes of a report: room for {@link ResidencyReport#MOST_HELD} adapters of at most
     * some 220 bytes each, and for the outcomes of orders.
     */
    public static final int MOST_BYTES = 4 << 20;

    /** The longest text that is not packed; a database's column takes at most 2^20 characters. */
    private static final int LONGEST_PLAIN = 1 << 18;

    private static final String PACKED = "gzip:";

    private ResidencyCodec() {}

    public static byte[] encode(ResidencyReport report) {
        return JSON.writeValueAsBytes(
                new ReportJson(
                        report.worker(),
                        report.address(),
                        report.base(),
                        report.slots(),
                        report.held().stream().map(HeldJson::of).toList(),
                        report.outcomes().stream()
                                .map(o -> new OutcomeJson(o.order(), o.failure()))
                                .toList()));
    }

    public static byte[] encode(ResidencyOrders orders) {
        return JSON.writeValueAsBytes(
                new OrdersJson(
                        orders.pins().stream().map(OrderJson::of).toList(),
                        orders.prefetches().stream().map(OrderJson::of).toList()));
    }

    /** Writes a worker's adapters as the catalog stores them. */
    public static String encode(List<HeldAdapter> held) {
        String json =
                JSON.writeValueAsString(new HoldingsJson(held.stream().map(HeldJson::of).toList()));
        return json.length() <= LONGEST_PLAIN ? json : packed(json);
    }

    /**
     * Reads a report.
     *
     * @throws IllegalArgumentException if the bytes are not a report; says why
     */
    public static ResidencyReport report(byte[] json) {
        ReportJson read = read(json, ReportJson.class, "report");
        return new ResidencyReport(
                required(read.worker, "worker"),
                required(read.address, "address"),
                read.base,
                read.slots,
                required(read.held, "held").stream().map(HeldJson::held).toList(),
                required(read.outcomes, "outcomes").stream()
                        .map(o -> new ResidencyReport.Outcome(o.order, o.failure))
                        .toList());
    }

    /**
     * Reads orders.
     *
     * @throws IllegalArgumentException if there are none; says why
     */
    public static ResidencyOrders orders(byte[] json) {
        OrdersJson read = read(json, OrdersJson.class, "orders");
        return new ResidencyOrders(
                required(read.pins, "pins").stream().map(OrderJson::order).toList(),
                required(read.prefetches, "prefetches").stream().map(OrderJson::order).toList());
    }

    /** Reads what {@link #encode(List)} wrote. */
    public static List<HeldAdapter> held(String json) {
        String plain = json.startsWith(PACKED) ? unpacked(json) : json;
        return required(JSON.readValue(plain, HoldingsJson.class).held, "held").stream()
                .map(HeldJson::held)
                .toList();
    }

    private static String packed(String json) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(json.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e); // bytes in memory
        }
        return PACKED + Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    private static String unpacked(String packed) {
        byte[] bytes = Base64.getDecoder().decode(packed.substring(PACKED.length()));
        try (InputStream gzip = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return new String(gzip.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // bytes in memory
        }
    }

    private static <T> T read(byte[] json, Class<T> type, String what) {
        try {
            return JSON.readValue(json, type);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    what + " can't be read: " + e.getOriginalMessage(), e);
        }
    }

    private record ReportJson(
            @Nullable String worker,
            @Nullable String address,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String base,
            int slots,
            @Nullable List<HeldJson> held,
            @Nullable List<OutcomeJson> outcomes) {}

    private record HoldingsJson(@Nullable List<HeldJson> held) {}

    private record OutcomeJson(long order, @Nullable String failure) {}

    private record HeldJson(
            @Nullable String digest,
            @Nullable String tier,
            @Nullable String lastUsed,
            @Nullable Double loadSeconds,
            @JsonProperty("pinned") boolean pinned) {
        static HeldJson of(HeldAdapter held) {
            return new HeldJson(
                    held.digest().toString(),
                    held.tier().word(),
                    held.lastUsed() == null ? null : held.lastUsed().toString(),
                    held.loadSeconds(),
                    held.pinned());
        }

        HeldAdapter held() {
            try {
                return new HeldAdapter(
                        AdapterDigest.parse(required(digest, "digest")),
                        Tier.of(required(tier, "tier")),
                        lastUsed == null ? null : Instant.parse(lastUsed),
                        loadSeconds,
                        pinned);
            } catch (DateTimeException e) {
                throw new IllegalArgumentException("lastUsed '" + lastUsed + "' is not a time", e);
            }
        }
    }

    private record OrdersJson(
            @Nullable List<OrderJson> pins, @Nullable List<OrderJson> prefetches) {}

    private record OrderJson(long id, @Nullable String digest) {
        static OrderJson of(ResidencyOrders.Order order) {
            return new OrderJson(order.id(), order.digest().toString());
        }

        ResidencyOrders.Order order() {
            return new ResidencyOrders.Order(id, AdapterDigest.parse(required(digest, "digest")));
        }
    }
}
