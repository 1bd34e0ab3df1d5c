package dev.weft.gateway.limit.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class AnswerDeadlineTest {
    @Test
    void answersThatDoNotComeAreEndedAgainAndAgain() {
        AnswerDeadline deadline = new AnswerDeadline(Duration.ofMillis(1));
        for (int round = 0; round < 20; round++) {
            List<CompletableFuture<String>> answers =
                    Stream.generate(() -> deadline.bind(new CompletableFuture<String>()))
                            .limit(50)
                            .toList();
            for (CompletableFuture<String> answer : answers) {
                Assertions.assertThatThrownBy(() -> answer.get(1, TimeUnit.MINUTES))
                        .isInstanceOf(ExecutionException.class)
                        .hasCauseInstanceOf(TimeoutException.class);
            }
        }
    }

    @Test
    void whatComesInTimeStaysAndHoldsUpNoOther() {
        AnswerDeadline deadline = new AnswerDeadline(Duration.ofMillis(20));
        CompletableFuture<String> answer = deadline.bind(CompletableFuture.completedFuture("yes"));
        CompletableFuture<String> late = deadline.bind(new CompletableFuture<>());
        Assertions.assertThatThrownBy(() -> late.get(1, TimeUnit.MINUTES))
                .hasCauseInstanceOf(TimeoutException.class);
        assertThat(answer).isCompletedWithValue("yes");
    }
}
