package dev.weft.standalone.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
final class ChatStreamTest {
    private static final Duration SILENCE = Duration.ofMillis(300);

    @Test
    void aSilentAnswerEnds() throws Exception {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var client = new Socket(server.getInetAddress(), server.getLocalPort());
                var peer = server.accept();
                var answer = new ChatStream(client.getInputStream(), SILENCE)) {
            for (int i = 0; i < 4; i++) {
                Thread.sleep(SILENCE.dividedBy(3));
                peer.getOutputStream().write(i);
                assertThat(answer.read()).as("longer than the silence in all").isEqualTo(i);
            }
            assertThatThrownBy(answer::read).isInstanceOf(ChatStream.SilentException.class);
        }
    }
}
