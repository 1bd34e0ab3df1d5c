package dev.weft.service.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

class UntilTest {
    private final Sinks.Empty<Void> end = Sinks.empty();
    private final Sinks.Many<Integer> stream = Sinks.many().unicast().onBackpressureBuffer();
    private final List<String> seen = new ArrayList<>();

    private void listen() {
        Flux<Integer> body = stream.asFlux().doOnCancel(() -> seen.add("cancelled"));
        Until.fails(end.asMono(), body)
                .subscribe(
                        each -> seen.add(each.toString()),
                        failure -> seen.add(String.valueOf(failure.getMessage())),
                        () -> seen.add("done"));
    }

    @Test
    void aStreamThatIsNotEndedIsWhole() {
        listen();
        stream.tryEmitNext(1).orThrow();
        stream.tryEmitComplete().orThrow();
        end.tryEmitError(new IllegalStateException("late"));
        assertThat(seen).containsExactly("1", "done");
    }

    @Test
    void oneThatIsEndedIsCancelledAndFails() {
        listen();
        stream.tryEmitNext(1).orThrow();
        end.tryEmitError(new IllegalStateException("late")).orThrow();
        assertThat(seen).containsExactly("1", "cancelled", "late");
    }

    @Test
    void itsOwnFailureIsPassedOn() {
        Flux<Integer> broken = Flux.error(new IllegalStateException("broken"));
        Until.fails(Mono.never(), broken)
                .subscribe(_ -> {}, failure -> seen.add(String.valueOf(failure.getMessage())));
        assertThat(seen).containsExactly("broken");
    }
}
