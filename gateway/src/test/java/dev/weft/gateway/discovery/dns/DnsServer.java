package dev.weft.gateway.discovery.dns;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.dns.DatagramDnsQuery;
import io.netty.handler.codec.dns.DatagramDnsQueryDecoder;
import io.netty.handler.codec.dns.DatagramDnsResponse;
import io.netty.handler.codec.dns.DatagramDnsResponseEncoder;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DefaultDnsRawRecord;
import io.netty.handler.codec.dns.DefaultDnsResponse;
import io.netty.handler.codec.dns.DnsQuery;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import io.netty.handler.codec.dns.TcpDnsQueryDecoder;
import io.netty.handler.codec.dns.TcpDnsResponseEncoder;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A name server that speaks DNS over UDP and TCP, on loopback; a test sets its records. */
public final class DnsServer implements AutoCloseable {
    /** How a question is answered that there are no records for, or any. */
    public enum Mood {
        ANSWERS,
        FAILS,
        SAYS_NOTHING,
        /** Over UDP it sends the head alone, and says that it is cut off. */
        CUTS_OFF
    }

    private record Key(String name, DnsRecordType type) {}

    private record Records(int ttl, List<byte[]> data) {}

    private final EventLoopGroup loop =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Map<Key, Records> records = new ConcurrentHashMap<>();
    private final Map<Key, Mood> moods = new ConcurrentHashMap<>();
    private final AtomicInteger overTcp = new AtomicInteger();
    private final AtomicInteger questions = new AtomicInteger();
    private final int port;
    private volatile Mood mood = Mood.ANSWERS;

    public DnsServer() throws InterruptedException {
        port = bind();
    }

    /** Both protocols at one port. */
    private int bind() throws InterruptedException {
        for (int i = 0; i < 20; i++) {
            Channel udp = overUdp().sync().channel();
            int chosen = ((InetSocketAddress) udp.localAddress()).getPort();
            try {
                overTcp(chosen);
                return chosen;
            } catch (Exception e) {
                if (!(e instanceof BindException)) {
                    throw e;
                }
                udp.close().sync();
            }
        }
        throw new IllegalStateException("no port is free for both protocols");
    }

    private ChannelFuture overUdp() {
        return new Bootstrap()
                .group(loop)
                .channel(NioDatagramChannel.class)
                .handler(
                        new ChannelInitializer<NioDatagramChannel>() {
                            @Override
                            protected void initChannel(NioDatagramChannel channel) {
                                channel.pipeline()
                                        .addLast(
                                                new DatagramDnsQueryDecoder(),
                                                new DatagramDnsResponseEncoder(),
                                                new Udp());
                            }
                        })
                .bind(InetAddress.getLoopbackAddress(), 0);
    }

    private void overTcp(int port) throws InterruptedException {
        new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .childHandler(
                        new ChannelInitializer<SocketChannel>() {
                            @Override
                            protected void initChannel(SocketChannel channel) {
                                channel.pipeline()
                                        .addLast(
                                                new TcpDnsQueryDecoder(),
                                                new TcpDnsResponseEncoder(),
                                                new Tcp());
                            }
                        })
                .bind(InetAddress.getLoopbackAddress(), port)
                .sync();
    }

    private final class Udp extends SimpleChannelInboundHandler<DatagramDnsQuery> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramDnsQuery query) {
            var response =
                    new DatagramDnsResponse(
                            /* sender= */ query.recipient(),
                            /* recipient= */ query.sender(),
                            query.id());
            if (answer(query, response, true)) {
                var _ = context.writeAndFlush(response);
            } else {
                response.release();
            }
        }
    }

    private final class Tcp extends SimpleChannelInboundHandler<DnsQuery> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, DnsQuery query) {
            overTcp.incrementAndGet();
            var response = new DefaultDnsResponse(query.id());
            if (answer(query, response, false)) {
                var _ = context.writeAndFlush(response);
            } else {
                response.release();
            }
        }
    }

    private boolean answer(DnsQuery query, DnsResponse response, boolean overUdp) {
        questions.incrementAndGet();
        DnsQuestion question = query.recordAt(DnsSection.QUESTION);
        Key key = new Key(DnsNames.canonical(question.name()), question.type());
        Mood now = moods.getOrDefault(key, mood);
        response.addRecord(
                DnsSection.QUESTION, new DefaultDnsQuestion(question.name(), question.type()));
        if (now == Mood.SAYS_NOTHING) {
            return false;
        }
        if (now == Mood.FAILS) {
            response.setCode(DnsResponseCode.SERVFAIL);
        } else if (now == Mood.CUTS_OFF && overUdp) {
            response.setTruncated(true);
        } else {
            fill(response, question, key);
        }
        return true;
    }

    private void fill(DnsResponse response, DnsQuestion question, Key key) {
        Records found = records.get(key);
        if (found != null) {
            for (byte[] data : found.data) {
                response.addRecord(
                        DnsSection.ANSWER,
                        new DefaultDnsRawRecord(
                                question.name(),
                                key.type,
                                found.ttl,
                                Unpooled.wrappedBuffer(data)));
            }
        } else if (records.keySet().stream().noneMatch(other -> other.name.equals(key.name))) {
            response.setCode(DnsResponseCode.NXDOMAIN);
        }
    }

    /** Where it listens, as settings spell it. */
    public String address() {
        return "127.0.0.1:" + port;
    }

    /** Sets the addresses of a name, of one family. */
    public DnsServer has(String name, int ttl, String... addresses) {
        List<byte[]> data =
                List.of(addresses).stream()
                        .map(address -> InetAddress.ofLiteral(address).getAddress())
                        .toList();
        DnsRecordType type = data.getFirst().length == 4 ? DnsRecordType.A : DnsRecordType.AAAA;
        records.put(new Key(name, type), new Records(ttl, data));
        return this;
    }

    /** Sets the targets of a name: priority, port and host of each. */
    public DnsServer leads(String name, int ttl, String... targets) {
        records.put(
                new Key(name, DnsRecordType.SRV),
                new Records(ttl, List.of(targets).stream().map(DnsServer::target).toList()));
        return this;
    }

    private static byte[] target(String text) {
        String[] parts = text.split(" ", -1);
        ByteBuf data = Unpooled.buffer();
        data.writeShort(Integer.parseInt(parts[0])).writeShort(1);
        data.writeShort(Integer.parseInt(parts[1]));
        for (String label : parts[2].equals(".") ? new String[0] : parts[2].split("\\.", -1)) {
            byte[] bytes = label.getBytes(StandardCharsets.US_ASCII);
            data.writeByte(bytes.length).writeBytes(bytes);
        }
        data.writeByte(0);
        byte[] all = new byte[data.readableBytes()];
        data.readBytes(all);
        return all;
    }

    /** Sets bytes that are no record of that type. */
    public DnsServer hasNonsense(String name, DnsRecordType type) {
        records.put(new Key(name, type), new Records(1, List.of(new byte[] {1, 2, 3})));
        return this;
    }

    /** Forgets all that it has. */
    public void forgets() {
        records.clear();
    }

    public void is(Mood now) {
        mood = now;
    }

    /** Sets how it answers one question; null for as the others. */
    public void is(@Nullable Mood now, String name, DnsRecordType type) {
        if (now == null) {
            moods.remove(new Key(name, type));
        } else {
            moods.put(new Key(name, type), now);
        }
    }

    /** How many questions came over TCP. */
    public int overTcp() {
        return overTcp.get();
    }

    /** How many questions came. */
    public int questions() {
        return questions.get();
    }

    @Override
    public void close() {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
