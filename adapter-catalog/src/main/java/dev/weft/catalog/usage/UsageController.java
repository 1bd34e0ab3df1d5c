package dev.weft.catalog.usage;

import dev.weft.catalog.audit.Requester;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.RestController;

/** Usage over HTTP. The handler runs on a virtual thread and may block. */
@RestController
final class UsageController implements UsageApi {
    private static final MediaType CSV = new MediaType("text", "csv");

    private final UsageBooks books;
    private final Clock clock;

    UsageController(UsageBooks books, Clock clock) {
        this.books = books;
        this.clock = clock;
    }

    @Override
    public ResponseEntity<Object> list(
            MultiValueMap<String, String> query, @Nullable String accept, Requester requester) {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        UsageParameters asked = UsageParameters.read(query, requester, today);
        List<UsageSum> found = books.sums(asked.selection(), asked.place(), asked.size() + 1);
        List<UsagePageBody.Item> items =
                found.stream().limit(asked.size()).map(UsagePageBody.Item::of).toList();
        String next = found.size() > asked.size() ? asked.next(found.get(asked.size() - 1)) : null;
        return wantsTable(accept)
                ? table(items, next)
                : ResponseEntity.ok()
                        .contentType(MediaType.APPLICATION_JSON)
                        .body(
                                new UsagePageBody(
                                        asked.selection().from(),
                                        asked.selection().to(),
                                        items,
                                        next));
    }

    private static ResponseEntity<Object> table(
            List<UsagePageBody.Item> items, @Nullable String next) {
        ResponseEntity.BodyBuilder answer = ResponseEntity.ok().contentType(CSV);
        if (next != null) {
            answer = answer.header(HttpHeaders.LINK, "<" + next + ">; rel=\"next\"");
        }
        return answer.body(UsageCsv.of(items));
    }

    private static boolean wantsTable(@Nullable String accept) {
        String types = accept == null ? "" : accept.toLowerCase(Locale.ROOT);
        return types.contains(CSV.toString()) && !types.contains("json");
    }
}
