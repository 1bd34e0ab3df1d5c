package dev.weft.gateway.discovery.dns;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.dns.DefaultDnsRecordDecoder;
import io.netty.handler.codec.dns.DnsRawRecord;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A target of a SRV record, RFC 2782.
 *
 * @param host a full name without a dot at its end; empty if the record says that there is none
 */
record SrvTarget(int priority, int port, String host) {
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*");

    /** Reads a record. */
    static SrvTarget read(DnsRawRecord record) {
        ByteBuf data = record.content();
        int priority = data.readUnsignedShort();
        data.skipBytes(Short.BYTES); // the weight
        int port = data.readUnsignedShort();
        String host = DnsNames.canonical(DefaultDnsRecordDecoder.decodeName(data));
        if (!host.isEmpty() && (!HOST.matcher(host).matches() || port == 0)) {
            throw new IllegalArgumentException("a target that is not a host and port");
        }
        return new SrvTarget(priority, port, host);
    }

    /** The targets of the first priority, which are used while they can be reached. */
    static List<SrvTarget> first(List<SrvTarget> all) {
        List<SrvTarget> there = all.stream().filter(target -> !target.host.isEmpty()).toList();
        int first = there.stream().mapToInt(SrvTarget::priority).min().orElse(0);
        return there.stream().filter(target -> target.priority == first).toList();
    }
}
