package dev.weft.system.chaos;

import static org.assertj.core.api.Assumptions.assumeThat;

import dev.weft.system.fleet.Program;
import java.io.IOException;
import java.util.List;

/**
 * A network namespace, as another machine has it, and a link to it. Once the link is cut, what is
 * sent to it vanishes without a word, as behind a broken switch. Needs the rights of root.
 */
final class NetworkPart implements AutoCloseable {
    private static final String MAC = "02:00:0a:e7:00:02";

    private final Program ip = Program.named("ip");
    private final String name;
    private final String link;
    private final String network;

    private NetworkPart(long process) {
        this.name = "weft-" + process;
        this.link = "weft" + process;
        this.network = "10.231." + process % 256 + ".";
    }

    /** Makes one; without the right to, the test is left out. */
    static NetworkPart open() throws Exception {
        NetworkPart part = new NetworkPart(ProcessHandle.current().pid());
        Program.Finished made = part.ip.run("netns", "add", part.name);
        assumeThat(made.exit()).as("no network namespaces here: " + made.output()).isZero();
        try {
            part.connect();
        } catch (Exception | AssertionError e) {
            part.close();
            throw e;
        }
        return part;
    }

    private void connect() throws Exception {
        ip("link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", name);
        ip("-n", name, "link", "set", "eth0", "address", MAC);
        ip("-n", name, "addr", "add", there() + "/30", "dev", "eth0");
        ip("-n", name, "link", "set", "lo", "up");
        ip("addr", "add", here() + "/30", "dev", link);
        ip("link", "set", link, "up");
        mend();
        // nobody asks who has the address, and so finds out that nobody has
        ip("neigh", "replace", there(), "lladdr", MAC, "dev", link, "nud", "permanent");
    }

    /** What a command begins with that runs there. */
    List<String> command() {
        return List.of(ip.file().toString(), "netns", "exec", name);
    }

    /** This machine's address, as seen from there. */
    String here() {
        return network + 1;
    }

    /** The address there, as seen from this machine. */
    String there() {
        return network + 2;
    }

    void cut() throws Exception {
        ip("-n", name, "link", "set", "eth0", "down");
    }

    void mend() throws Exception {
        ip("-n", name, "link", "set", "eth0", "up");
    }

    private void ip(String... arguments) throws Exception {
        Program.Finished ended = ip.run(arguments);
        if (ended.exit() != 0) {
            throw new AssertionError("ip " + String.join(" ", arguments) + ": " + ended.output());
        }
    }

    /** Takes it away; processes in it should have ended. */
    @Override
    public void close() throws IOException {
        try {
            Program.Finished _ = ip.run("link", "del", link);
            Program.Finished _ = ip.run("netns", "del", name);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
