package dev.weft.catalog.usage;

import dev.weft.catalog.audit.Requester;
import dev.weft.catalog.fault.BadRequestException;
import dev.weft.catalog.fault.Fault;
import dev.weft.protocol.adapter.AdapterId;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;

/**
 * The query of a request for usage.
 *
 * @param size sums of a page
 */
record UsageParameters(UsageSelection selection, UsagePlace place, int size) {
    private static final Set<String> KNOWN =
            new TreeSet<>(
                    List.of(
                            "from",
                            "to",
                            "group",
                            "adapter",
                            "size",
                            "after",
                            "offset",
                            Requester.TENANT));
    private static final int DEFAULT_SIZE = 1_000;
    private static final int LARGEST_SIZE = 10_000;
    private static final long LARGEST_OFFSET = 1_000_000_000;

    /**
     * Reads a query.
     *
     * @param today in UTC
     * @throws BadRequestException with all faults
     */
    static UsageParameters read(
            MultiValueMap<String, String> query, Requester requester, LocalDate today) {
        Reading reading = new Reading(query);
        LocalDate from = reading.day("from", today.withDayOfMonth(1));
        LocalDate to = reading.day("to", today);
        Set<UsageGroup> groups = reading.groups();
        String adapter = reading.adapter();
        UsageSelection selection =
                new UsageSelection(
                        from, to, groups, requester.ofAll() ? null : requester.tenant(), adapter);
        List<Object> after = reading.after(selection.columns());
        long offset = reading.number("offset", 0, 0, LARGEST_OFFSET);
        int size = (int) reading.number("size", DEFAULT_SIZE, 1, LARGEST_SIZE);
        reading.check();
        return new UsageParameters(selection, new UsagePlace(after, offset), size);
    }

    /** Address of the page that follows the one that ends with a sum. */
    String next(UsageSum last) {
        StringBuilder address = new StringBuilder("/admin/v1/usage?from=");
        address.append(selection.from()).append("&to=").append(selection.to());
        address.append("&group=")
                .append(
                        selection.groups().stream()
                                .map(UsageGroup::name)
                                .collect(Collectors.joining(",")));
        if (selection.tenant() != null) {
            address.append("&tenant=").append(encoded(selection.tenant()));
        }
        if (selection.adapter() != null) {
            address.append("&adapter=").append(encoded(selection.adapter()));
        }
        return address.append("&size=")
                .append(size)
                .append("&after=")
                .append(UsagePlace.behind(last, selection).text())
                .toString();
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8);
    }

    /** Collects the faults of a query. For one thread. */
    private static final class Reading {
        private final MultiValueMap<String, String> query;
        private final List<Fault> faults = new ArrayList<>();

        Reading(MultiValueMap<String, String> query) {
            this.query = query;
            query.keySet().stream()
                    .filter(name -> !KNOWN.contains(name))
                    .forEach(name -> faults.add(new Fault(name, null, "parameters " + KNOWN)));
        }

        private @Nullable String one(String name) {
            List<String> values = query.getOrDefault(name, List.of());
            if (values.size() > 1) {
                faults.add(new Fault(name, String.join(", ", values), "one value"));
            }
            return values.isEmpty() ? null : values.getFirst();
        }

        LocalDate day(String name, LocalDate otherwise) {
            String value = one(name);
            if (value == null) {
                return otherwise;
            }
            try {
                LocalDate day = LocalDate.parse(value);
                if (day.getYear() >= 2000 && day.getYear() <= 9999) {
                    return day;
                }
            } catch (DateTimeException _) {
                // the fault says what is allowed
            }
            faults.add(new Fault(name, value, "a day like 2026-11-28"));
            return otherwise;
        }

        Set<UsageGroup> groups() {
            Set<UsageGroup> groups = EnumSet.noneOf(UsageGroup.class);
            for (String value : query.getOrDefault("group", List.of())) {
                for (String name : value.split(",", -1)) {
                    UsageGroup.named(name.strip())
                            .ifPresentOrElse(
                                    groups::add,
                                    () ->
                                            faults.add(
                                                    new Fault(
                                                            "group",
                                                            name,
                                                            Arrays.toString(UsageGroup.values()))));
                }
            }
            return groups.isEmpty() ? EnumSet.of(UsageGroup.tenant, UsageGroup.adapter) : groups;
        }

        @Nullable String adapter() {
            String value = one("adapter");
            if (value != null && !AdapterId.isName(value)) {
                faults.add(new Fault("adapter", value, AdapterId.NAME_RULE));
            }
            return value;
        }

        List<Object> after(List<UsageColumn> columns) {
            String value = one("after");
            if (value == null) {
                return List.of();
            }
            return UsagePlace.read(value, columns)
                    .orElseGet(() -> {
                        faults.add(new Fault("after", value, "what next of such a page has"));
                        return List.of();
                    });
        }

        long number(String name, long otherwise, long least, long most) {
            String value = one(name);
            if (value == null) {
                return otherwise;
            }
            if (value.matches("[0-9]{1,18}")) {
                long number = Long.parseLong(value);
                if (number >= least && number <= most) {
                    return number;
                }
            }
            faults.add(new Fault(name, value, least + " to " + most));
            return otherwise;
        }

        void check() {
            if (!faults.isEmpty()) {
                throw new BadRequestException(faults);
            }
        }
    }
}
