package dev.weft.access.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * The trust that servers are checked against. It may be replaced while it is in use. A server that
 * shows this process's own certificate is trusted until that expires, whatever name was used to
 * reach it: it has the key, so it is this process, or another one of the same operator. Services of
 * one process thus reach each other by loopback, which no certificate names. Any thread.
 */
final class LiveTrust extends X509ExtendedTrustManager {
    private final LiveKeys own;
    private volatile X509ExtendedTrustManager now;

    LiveTrust(X509ExtendedTrustManager first, LiveKeys own) {
        this.now = first;
        this.own = own;
    }

    void take(X509ExtendedTrustManager next) {
        now = next;
    }

    private boolean isOwn(X509Certificate[] chain) throws CertificateException {
        if (chain.length == 0 || !own.isOwn(chain[0])) {
            return false;
        }
        chain[0].checkValidity();
        return true;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
            throws CertificateException {
        if (!isOwn(chain)) {
            now.checkServerTrusted(chain, type, engine);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
            throws CertificateException {
        if (!isOwn(chain)) {
            now.checkServerTrusted(chain, type, socket);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        now.checkServerTrusted(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
            throws CertificateException {
        now.checkClientTrusted(chain, type, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
            throws CertificateException {
        now.checkClientTrusted(chain, type, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        now.checkClientTrusted(chain, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return now.getAcceptedIssuers();
    }
}
