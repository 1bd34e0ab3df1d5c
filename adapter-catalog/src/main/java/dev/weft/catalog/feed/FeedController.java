package dev.weft.catalog.feed;

import dev.weft.protocol.feed.FeedFollower;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.annotation.security.RolesAllowed;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.BufferOverflowStrategy;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;

/** The feed over HTTP, and the only bridge between the hub and Reactor. */
@RestController
@RolesAllowed({"service", "admin"})
@Tag(name = "Feed", description = "What gateways and workers follow")
final class FeedController {
    private static final Logger LOG = LoggerFactory.getLogger(FeedController.class);

    /** The most events that may wait for a slow follower; a slower one is disconnected. */
    private static final int WAITING = 1024;

    private static final String UNNAMED = "unnamed";

    private final FeedHub hub;

    FeedController(FeedHub hub) {
        this.hub = hub;
    }

    @GetMapping(path = "/feed/v1/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @Operation(
            operationId = "followFeed",
            summary = "Published names: a snapshot, then every change in order",
            description =
                    "Server-sent events `snapshot`, `published`, `withdrawn`, and"
                            + " `token_changed` with the SHA-256 of a token that was revoked or"
                            + " ends sooner; `id` is its place in the log, `data` is JSON. A"
                            + " comment comes every 10 seconds."
                            + " A follower that can't keep up is disconnected and resumes with"
                            + " Last-Event-ID.")
    @ApiResponse(
            responseCode = "200",
            description = "The stream; it ends only with the catalog",
            content =
                    @Content(
                            mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
                            schema = @Schema(type = "string")))
    Mono<Void> events(
            @Parameter(
                            description =
                                    "`id` of the last event seen. What came after it follows, or a"
                                            + " snapshot if the catalog does not have all of that"
                                            + " any more, or is another one",
                            schema = @Schema(type = "string"),
                            example = "1764000000001-271828182845904")
                    @RequestHeader(name = "Last-Event-ID", required = false)
                    @Nullable String lastEventId,
            @Parameter(
                            description =
                                    "What the follower calls itself: up to 64 letters, digits and"
                                            + " `._:-`. Metrics show its lag under that name")
                    @RequestHeader(name = FeedFollower.NAME_HEADER, required = false)
                    @Nullable String followerName,
            ServerHttpResponse response) {
        response.getHeaders().setContentType(MediaType.TEXT_EVENT_STREAM);
        DataBufferFactory buffers = response.bufferFactory();
        return response.writeWith(
                messages(lastEventId, followerName)
                        .concatMap(message -> Flux.fromIterable(message::pieces), 1)
                        .map(buffers::wrap));
    }

    Flux<FeedMessage> messages(@Nullable String lastEventId, @Nullable String followerName) {
        Optional<FeedPlace> after = Optional.ofNullable(lastEventId).flatMap(FeedPlace::ofId);
        String name = name(followerName);
        AtomicReference<@Nullable Follower> follower = new AtomicReference<>();
        return Flux.<FeedMessage>create(
                        sink ->
                                Thread.ofVirtual()
                                        .name("catalog-feed-start")
                                        .start(() -> connect(name, after, sink, follower)),
                        FluxSink.OverflowStrategy.IGNORE)
                .onBackpressureBuffer(WAITING, BufferOverflowStrategy.ERROR)
                .doOnNext(message -> sent(follower.get(), message))
                .onErrorResume(e -> {
                    LOG.warn("a follower of the feed is disconnected: {}", e.getMessage());
                    return Flux.empty();
                });
    }

    private void connect(
            String name,
            Optional<FeedPlace> after,
            FluxSink<FeedMessage> sink,
            AtomicReference<@Nullable Follower> known) {
        try {
            Follower follower = hub.follow(name, after, new SinkListener(sink), known::set);
            sink.onDispose(() -> hub.leave(follower));
        } catch (RuntimeException | Error e) {
            sink.error(e);
        }
    }

    /** Notes a sent message; nothing is sent before the follower is known. */
    private static void sent(@Nullable Follower follower, FeedMessage message) {
        if (follower != null) {
            message.sequence().ifPresent(follower::sent);
        }
    }

    private static String name(@Nullable String sent) {
        return sent != null && sent.matches("[A-Za-z0-9._:-]{1,64}") ? sent : UNNAMED;
    }

    private record SinkListener(FluxSink<FeedMessage> sink) implements FeedListener {
        @Override
        public void say(FeedMessage message) {
            sink.next(message);
        }

        @Override
        public void end() {
            sink.complete();
        }
    }
}
