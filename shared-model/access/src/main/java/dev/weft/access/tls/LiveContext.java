package dev.weft.access.tls;

import io.netty.handler.ssl.SslContextBuilder;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Collections;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.springframework.boot.ssl.SslBundle;

/**
 * An {@link SSLContext} for clients whose keys and certificates may change, although clients keep
 * their context for life.
 */
final class LiveContext {
    private final LiveKeys keys;
    private final LiveTrust trust;
    private final SSLContext context;

    LiveContext(SslBundle bundle) {
        this.keys = new LiveKeys(keys(bundle));
        this.trust = new LiveTrust(trust(bundle), keys);
        try {
            context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {keys}, new TrustManager[] {trust}, null);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has TLS", e);
        }
    }

    SSLContext context() {
        return context;
    }

    /** Gives these keys and this trust to a context that Netty makes. */
    void configure(SslContextBuilder client) {
        client.keyManager(keys).trustManager(trust);
    }

    /** New connections use this bundle; no earlier session is resumed. */
    void take(SslBundle bundle) {
        X509ExtendedKeyManager newKeys = keys(bundle);
        X509ExtendedTrustManager newTrust = trust(bundle);
        keys.take(newKeys);
        trust.take(newTrust);
        forget(context.getClientSessionContext());
    }

    private static void forget(SSLSessionContext sessions) {
        for (byte[] id : Collections.list(sessions.getIds())) {
            SSLSession session = sessions.getSession(id);
            if (session != null) {
                session.invalidate();
            }
        }
    }

    private static X509ExtendedKeyManager keys(SslBundle bundle) {
        return only(X509ExtendedKeyManager.class, bundle.getManagers().getKeyManagers());
    }

    private static X509ExtendedTrustManager trust(SslBundle bundle) {
        return only(X509ExtendedTrustManager.class, bundle.getManagers().getTrustManagers());
    }

    private static <T> T only(Class<T> type, Object[] managers) {
        return Arrays.stream(managers)
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no " + type.getSimpleName()));
    }
}
