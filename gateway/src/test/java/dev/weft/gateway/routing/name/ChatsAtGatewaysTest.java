package dev.weft.gateway.routing.name;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.FakeCatalog;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.adapter.Audience;
import dev.weft.protocol.adapter.ServedBases;
import dev.weft.protocol.feed.CatalogEntry;
import dev.weft.protocol.feed.CatalogEvent;
import dev.weft.protocol.feed.CatalogView;
import dev.weft.protocol.feed.Share;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Chats of an alias with two versions at two gateways, which know nothing of each other. */
class ChatsAtGatewaysTest {
    private static final int OLD = 1;
    private static final int NEW = 2;
    private static final int CHATS = 400;

    private final Targets one = gateway();
    private final Targets other = gateway();
    private int requests;

    private static Targets gateway() {
        CatalogView view = new CatalogView();
        view.apply(
                new CatalogEvent.Snapshot(
                        1,
                        List.of(
                                new CatalogEntry(
                                        AdapterId.of("prod"),
                                        List.of(
                                                new Share(FakeCatalog.version(OLD), 75),
                                                new Share(FakeCatalog.version(NEW), 25)),
                                        Audience.NOBODY))));
        return new Targets(new KnownBases(ServedBases.of("base"), view), view);
    }

    private int first(Targets gateway, long chat) {
        return version(gateway, "request " + requests++, new Chat(chat, false));
    }

    private int next(Targets gateway, long chat) {
        return version(gateway, "request " + requests++, new Chat(chat, true));
    }

    private static int version(Targets gateway, String request, Chat chat) {
        Target target = gateway.find("prod", new Caller("default", request, chat));
        return ((Target.Adapter) target).version().number();
    }

    @Test
    void aChatKeepsItsVersionWhicheverGatewayItsRequestsReach() {
        int changed = 0;
        int candidates = 0;
        for (long chat = 0; chat < CHATS; chat++) {
            int first = first(one, chat);
            changed += next(other, chat) == first ? 0 : 1;
            changed += next(one, chat) == first ? 0 : 1;
            candidates += first == NEW ? 1 : 0;
        }
        assertThat(changed).isZero();
        assertDividedByWeight(candidates);
    }

    /** Its client was refused at first, say, and came to another gateway the second time. */
    @Test
    void aChatWhoseFirstRequestIsSentAgainKeepsItsVersion() {
        for (long chat = 0; chat < CHATS; chat++) {
            int first = first(one, chat);
            assertThat(first(one, chat)).isEqualTo(first);
            assertThat(first(other, chat)).isEqualTo(first);
            assertThat(next(other, chat)).isEqualTo(first);
        }
    }

    /** As load tests and batches do. */
    @Test
    void onePromptThatIsSentAgainAndAgainGetsBothVersions() {
        assertDividedByWeight(
                (int) IntStream.range(0, CHATS).filter(_ -> first(one, 7) == NEW).count());
    }

    @Test
    void ofChatsThatBeginAlikeTheLastOneKeepsItsVersionAtItsGateway() {
        for (int chat = 0; chat < CHATS; chat++) {
            int first = first(one, 7);
            assertThat(next(one, 7)).isEqualTo(first);
        }
    }

    @Test
    void aFirstRequestThatIsSentAgainUnderItsIdGetsTheSameVersion() {
        Chat chat = new Chat(7, false);
        for (int i = 0; i < CHATS; i++) {
            String request = "request " + requests++;
            int first = version(one, request, chat);
            assertThat(version(one, request, chat)).isEqualTo(first);
        }
    }

    /** Five standard deviations of 400 draws at 1 in 4 are 43. */
    private static void assertDividedByWeight(int candidates) {
        assertThat(candidates).isBetween(57, 143);
    }
}
