package dev.weft.protocol.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.measure.Measured;
import dev.weft.protocol.measure.Times;
import dev.weft.protocol.measure.TimesCodec;
import dev.weft.protocol.shadow.CopyOutcome;
import dev.weft.protocol.shadow.Likeness;
import dev.weft.protocol.shadow.ShadowFigures;
import dev.weft.protocol.shadow.ShadowFiguresCodec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MeasureCodecTest {
    private static final Times SOME = new Times(new TreeMap<>(Map.of(3, 2L, 431, 1L)));

    @Test
    void aReportIsReadAsItWasWritten() {
        var report =
                new MeasureReport(
                        "gateway-1",
                        7,
                        List.of(
                                new MeasureReport.Line(
                                        new MeasuredVersion(
                                                new AdapterId("acme", "prod"),
                                                new AdapterId("acme", "team/sql"),
                                                2,
                                                7),
                                        new Measured(5, 2, SOME, Times.NONE))));
        assertThat(MeasureCodec.decode(MeasureCodec.encode(report))).isEqualTo(report);
        assertThat(TimesCodec.read(TimesCodec.encode(SOME))).isEqualTo(SOME);
    }

    @Test
    void aGatewayThatSaysNoRevisionIsRead() {
        var version = new MeasuredVersion(AdapterId.of("prod"), AdapterId.of("sql"), 2, 0);
        var report =
                new MeasureReport(
                        "gateway-1",
                        7,
                        List.of(
                                new MeasureReport.Line(
                                        version, new Measured(5, 2, SOME, Times.NONE))));
        byte[] json = MeasureCodec.encode(report);
        assertThat(new String(json, StandardCharsets.UTF_8)).doesNotContain("revision");
        assertThat(MeasureCodec.decode(json)).isEqualTo(report);
    }

    @Test
    void figuresOfAShadowAreReadAsTheyWereWritten() {
        var figures =
                new ShadowFigures(
                        new Measured(5, 0, SOME, SOME),
                        new Measured(5, 2, SOME, Times.NONE),
                        new Likeness(3, 30, 40, 2, 2, 1, 1.25),
                        90,
                        Map.of(CopyOutcome.answered, 3L, CopyOutcome.busy, 1L));
        var report =
                new MeasureReport(
                        "gateway-1", 7, List.of(), List.of(new MeasureReport.Shadow(4, figures)));
        assertThat(MeasureCodec.decode(MeasureCodec.encode(report))).isEqualTo(report);
        assertThat(ShadowFiguresCodec.read(ShadowFiguresCodec.encode(figures))).isEqualTo(figures);
        ShadowFigures both = figures.plus(figures);
        assertThat(both.tokens()).isEqualTo(180);
        assertThat(both.count(CopyOutcome.answered)).isEqualTo(6);
        assertThat(both.likeness().prefix()).isEqualTo(2.5);
        assertThat(ShadowFigures.NONE.plus(figures)).isEqualTo(figures);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "{}", "{\"shadows\":[{\"id\":1}]}", "[]"})
    void whatIsNoFiguresIsRefused(String json) {
        assertThatThrownBy(() -> ShadowFiguresCodec.read(json))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "[]",
                "{",
                "{}",
                "{\"instance\":\"a b\",\"number\":1,\"lines\":[]}",
                "{\"instance\":\"a\",\"number\":0,\"lines\":[]}",
                "{\"instance\":\"a\",\"number\":1,\"lines\":[null]}",
                "{\"instance\":\"a\",\"number\":1,\"lines\":[],\"shadows\":[null]}",
                "{\"instance\":\"a\",\"number\":1,\"lines\":[],\"shadows\":[{\"id\":1}]}",
                "{\"instance\":\"a\",\"number\":1,\"lines\":[{\"number\":1}]}"
            })
    void whatIsNoReportIsRefused(String json) {
        assertThatThrownBy(() -> MeasureCodec.decode(json.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"-1\":1", "\"432\":1", "\"3\":0", "\"3\":null", "\"x\":1"})
    void bucketsThatAreNoneAreRefused(String bucket) {
        String json =
                """
                {"instance":"a","number":1,"lines":[{"model":{"tenant":"t","name":"n"},
                 "adapter":{"tenant":"t","name":"n"},"number":1,"requests":1,"failures":0,
                 "firstToken":{%s},"perToken":{}}]}\
                """
                        .formatted(bucket);
        assertThatThrownBy(() -> MeasureCodec.decode(json.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void moreFailuresThanRequestsAreRefused() {
        assertThatThrownBy(() -> new Measured(1, 2, Times.NONE, Times.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2 failures of 1 requests");
    }

    @Test
    void aTimeLiesInABucketWhoseEdgeIsAtMostFourPercentAbove() {
        for (long nanos = 10_001; nanos < 1_000_000_000_000L; nanos += nanos / 7) {
            double edge = Times.seconds(Times.bucket(nanos)) * 1e9;
            assertThat(edge).isBetween(nanos * 0.999999, nanos * 1.0443);
        }
        assertThat(Times.bucket(0)).isZero();
        assertThat(Times.bucket(Long.MAX_VALUE)).isEqualTo(Times.BUCKETS - 1);
    }

    @Test
    void timesAreAddedBucketByBucket() {
        Times sum = SOME.plus(new Times(new TreeMap<>(Map.of(3, 1L, 9, 4L))));
        assertThat(sum.counts())
                .containsExactly(Map.entry(3, 3L), Map.entry(9, 4L), Map.entry(431, 1L));
        assertThat(sum.total()).isEqualTo(8);
    }
}
