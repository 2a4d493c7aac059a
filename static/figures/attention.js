// A small encoder and decoder with attention, trained on two tasks, writes in the page: who looks where when it writes
// which letter.
import { html, number, readout, slider, weights } from "./parts.js";

// Weights of the network of the lesson (24 units, 12 numbers a token), bytes times a scale. Tokens: 0 padding, 1 start,
// 2 end, 3 reverse:, 4 next:, 6 … 15 a … j.
const [READ, READ_IN, READ_STATE, READ_BIAS, WRITE, WRITE_IN, WRITE_STATE, WRITE_BIAS, MIX, MIX_BIAS, LAST, LAST_BIAS] =
  [
    weights(
      0.01653,
      `
      AP8BAf//AQEDAf8B/wH+AAAC/wAA/gIB/f4AAAED/QIC//8A6R6IAE3zwHgx2RGB3EMBAAcg8cg+6UwdAAD//wIB//8C/QICMPwcCQOzGCL2
      E+v38/flJ/HyNxP3E7QW6vsxC+QsFxQKPsAC4ukVUssAJgsWRCDnOKkFGvsM7P8cQ0b7afH68ghPGtcEDxwYHRMDDAcb++LVAv5SE/Ho/NTQ
      9brx7QNIAb0k1fnKBMHqzRD8IgVD7fzVBu268vnX
    `,
    ),
    weights(
      0.012652,
      `
      8Rkh+SbqEAvqEQH5DRvuQAcVAubbB/oO5wMb9A0TIPzy6fEkEhoQ8yX5D/kf5v7x4eAKyxwHFusODP8d8And5wb94fQVAxTy+PW9INUzBu8G
      C/gMHAYS+Abvz/3r1e3/f+31FQvM2+TeC9ED5+7/O+reBd70/Q/44wLiJfkNqu/rEgPQHvL97xPq/O/6DQUCxwQADCnRKQUI/fwFLCMnJQ0d
      AhQEExvQ+QEOJAb+KxQ+IgAk4P0c8OXtFgQc5TXv8v5AB+IJFuEA/OwoAfLbHf4R3izaIdr+ABnzM+rfB/MeCuzoFRj+/vcBBw/yFvkWPDc+
      8+Aq7hipCw0OIe0I5w4M/yw14RX4CPb7/ffo9xgC5R0N7BTsGubjDv4LBOQC9+312d4dAPn8EvXw7QT2DQICA/Hz7vb9/fD98/z3BeUI8/f8
      /AvRBvPa+dkJ1BXp+hHsDx4c3xIPF//rFxYS+BsGHPYFAiXt/O3EuO8SDykbHBMeBfP25fIX3uX/LwwUPgnbFvQRBOr00MPh+A4A+RXA+wn/
      GsX92wsE7ugUzAnQBVD9Ge0SA8fBFAkaCSrH6hcwAhvuPgER6Q/6DBbx8QEjIhgD+QT//xgMBwkKAQ7eIQAXGwwlF+ICAh8NCPUN9/UQ8vnp
      AOz4DAUa/P7SB+/tCQkC9NghEO0B6b0ACeYD8vnz4uLa5f8RB+Tp/fPvKAToBtgB9e0R/+sCsgnZGPrb/+EbtA/j+OwVKSUI5Qw61xHuJv0t
      E/78FOMcz/8oE/Tk7b8P5uUgAer8/vTp+vEJDuIVHBARCPQw2O3V+/Pi+SjF4fjr/OUrCOMDEd4aLA3qIOfy3OHh+Ej1CBDq9er9IPj1/jEF
      7PYC7fzSIv8a7uT7/iL3/eYrEQkLPvQxOTESCf4LEhK18BgbAwj37g3+/QhH9O3Z/+IUDPzuGAED4xwnDQbaCtng8w0L8uzv9A75+vcn7fUY
      BOgQ8Rn/IRzs6+7iGv7yuMVm4BP1+f7y3RzGEuj7tv8QQQcTEe0WIgLp8xv7EgrF8kAT7x726B8JIQfiQTHqHyX1CiHg9g4UAvMbHBIdCPMF
      1BwDD0b3HAcX/+Ts8iKs2d06MBgCCPXu/B/ANd0KGfjyA88CHt6qJ88azuQFzwbK7ggQCezp
    `,
    ),
    weights(
      0.008582,
      `
      7Ocb+gz/HwYBDyvfFwwzGu8ZIP0M/gwKLxL14w36zRoMIvzK+QrfMNQU5doKDuI5D/HXJAfd2AkHDSIPJd8xMCwm8wMeKQnC+gXf0yT4xwgE
      6s0D8wr6ueno2QEN59Il4tRB0NEiFdAC6CHgsfTU78XtC7H+6tkB9ibENQP/9hUS/gsHHiIb7xsFJez+Fygjw/ji1gIeyvDf7Ksb1/3h3ubO
      5ezcz9/NBwndEs7OHNXq4gXnNhJH6RfiCgz/+M3h1uc74fV9K/W77gnc6y/wxvjGEBii7AYK/AP/ACsH/g/7+hTtEvwK7gwU+P31FxAvGecI
      zebdzvw97g//2fzhF9nk9uYACebqIhH/ZAMA5iwByxMVKf8nDTYJKtPwEBkiHN8AM/Dz9yceNjVg/fbnSwYpKAD8HfzxIxEIHdov5BT0K0P6
      bkJK9kkB7Tgi/hQY490w1y0DKQsBBNHT6gy++uD3CBTuBeYWxPLy58f/JOnMx7cN3gcl5PrK2O3ozwjh4gUD6eoMI+z/8gPX/ufM6x4RCNbV
      7RfQ2QQYI7dAF/zaBgTlJAc42vvRHfjy9uoq8PHe49DzyyQl+wUZ1ge5ASkK6tgIAP7yAifxTA/uFgr2GfQCM/pfFRgTCzck7eHy784Z1g9G
      Sdr4IvgNsQOt6tft4ykI/ezhAt3g2gYA6/3d5b1dGe/17Ojq6/fa3Ozn/PsICtD6/NP/2S3ZDe4k4wD++e311+D88gRE5uJoDzi/2eO7Ajnz
      zRTZHeDP1gkqJP38EvUBCBPw/ibmBQL7BygK8PskGh5ICPgU6iJBAOYSCt8NDP/51vDfLT35FtYI5ePEIx7HCPwkBxdKFMT8HBsrzyE09/rQ
      CicFBBQHQeYgAMPz//AeAAod7gMvKP0P4wfn2gTtTTz8IhoO5QX8KvbvSxr36yku6gXeFeXk49gELP84/dsVVuUg4ggM/9njMxIyFQzHEOnk
      9C2mFwQvCwIKDA3d7B3wEdQMLRQFvCjxFfrp/RXK6bb8tuMXBwcD/R3RBA3D0QcQBCoQGNow/i0CHu8s+RMLPv4rLADP9AtCGTHi/vvbLRYe
      BAEeEew0GgEHTBceFg38ANwa9QQJFPETABMMFAQyA+u43xnI+d4bBBIn+dDTNAgr7T8pCuzY0QHn+z4fCBrm69VLFvoE9vbm3Sv4+toL8u0l
      x8EB4Nz71RPnBRX+7goM5e3x7ubv5jwoGwgR60ryzwy8Hi8EA0f1Qqnr8Sceq/Kct8/HwvCv7pIZ8UG11bjK2/TRrxCz4hMqAczJ4RT39Sre
      ROYEkkYD1SjX6CChzwIxy6khHyem8u/R8TnE1erdJ/Td5AwE5xzs//049gjh993zNvMx6u8G+w4C+ub+ENMKp9rTz/408wT+2PC19+Ty7fLc
      Ieny8i0ANg8B7zP6Av/aaPgqB1nvFKva/TYP9CAaJTbw4g4WFwQT+fX3+gUwBgDrDfzz9xDR/AoHBhrZCuMcNTEyHBHl/jYKScsDDuITA0P8
      DwD1D/4VvuDFJAj18gwPFPj94hnu1Aop9AcRz/YBC/3m2yED3BL/+9Qo/P8kwPL4BfQW+wn+6PsMzOMZHNj16/bxDUbeLvAeBSMU8xPSOQkc
      6CUGHtsABf4tP9jjNxwu9v0ZBh09F/EEF+snCAoQIhYu/vHt4f3BAAkLOB/s/xfDywLKMzArPPcfBvT38EbmsxYQBgntN/wP0DoQ8PsnFxDW
      4vDAqjT+Fe3EDdvqH/Pp7fSf7/vUDM/03c4W77cE2un5Af/56RHk4M0LygPe+wjmAx8FFLwkAA345fEOCfn02hIDGfkYBh0xM+hZKLQ0Ld0Z
      JWy7/PgdHyEe9A0kCyk0ABe5Hkbr+BAFEtcd+Pb1GPIIFgEWLQoaF+PRBCLm6+IhBCEr+NMdF+0J5TInHufySfwQfzMa/fUqJFURHd34Sgld
      E/nhUTH3EPTa+CoGwEcFPs4LGUITKd3cBB4WFUonFQMB2WDTCP0DHRICF9v9Ax4J9AQSCCG7SgEZD5gWCQomBw3o7xIZGx4F7Ok58gxTJg/v
      81QQEODlKf8Ar828IvEzHeH9MNsaFObPCx3z294VAh4YCvJG7/gb6RUVQeP51wjp6CYZJOzk1uwVLNwl9eH3CfTj1w/OIf0Yx6sK6xYU6Dr3
      9ybZ4Q8b7Njb9QHp+CoXAr7v3Uf59/XZLisp6zLuMLn13zMN4PL/zwT+Cu/gBr0GFQLo1fTM/wjp6vMLBwMiCgHt39sc9xXT7AQG1xQC7xjx
      9drn4g0LEPwV9xIF/fv6HBH9vvTlFd/n3g0i
    `,
    ),
    weights(
      0.003185,
      `
      qC2fOFHvEBH6D6gRAzbsIxHYJAnnCfTtuzQ6KDB/JWHjE95RMi5gACsA7Gwz9/4M+ufZ1QW9HMsCAPxF1R2yJd373BH6y+TlqC2fOFHvEBH6
      D6gRAzbsIxHYJAnnCfTtuzQ6KDB/JWHjE95RMi5gACsA7Gwz9/4MAuHNzgetHsopBfZd0RylKNkD5Bn+3eLb
    `,
    ),
    weights(
      0.012173,
      `
      Av4BAwL/AAP//v8CSRbk+8UJyJ8l3wv5/P8E/vwC/vwE/AIC/f3/BAT8AQIE/gAE/gMD/QT+Af4CBP3+Af8BAQEDAwEE/wL+zPwJO0RLPuTf
      CCzCxuYEfzftIt7YHQnP7AzQVBHOFifAFT4Y6A6/FLXmMjrTLirsDNj5+pnEL0cKLxi1KLtiM5bF9B7/KjPyCwFP/PDJsCHLIEYJygob0jUE
      qSneKy3g6+FM2SRQxxfvO/m1ENRNBDReL/nZCAXd
    `,
    ),
    weights(
      0.011551,
      `
      7g/97y5PKyM4EPYQIRkeAxQCEgf+Bf4X2bLmjNiX1SW0wvT+2vEmrgLe69PgxOOr+Q/qCO/gDhIKD9X8/wsC+gIG6vrj3t/4DwYGCiXaNQYL
      BTcK/9vg4PAb5/EBBf8KKtWbydL3/uLf0g4R6fjtkMTey/fLu/XGIPXm+f3zHOwNDgIRDAoJ+Qc0FAgF6wru+BnG3NdMB+7k4fn5DDQQXwDE
      AwDhKA3lrUBr6TfqG90q+QLuKyMSbh4yNPpKCz9+6ucpGgPkJwwH5BPtHN37MPrRGPEL/AcSDPEd6OLP8xb5DBUXDhQcEwcCAP7n2/cPGw8E
      BBNG5nAJSBIyCCD5+zk4ITDvHw4+/gj8/x0I4Pra6vbsARcIAx3N/gzLJgb0//Pe+erD3vOa3VwJCOMJJgzH2gkH1+v8yizoHvwhGdD0tvr/
      AhnEIwPuw/AD3+wXAfET4eYHBubp3EAWENH09QPxFQAvIR8F3QUKWtUlEPCz9Uvu/wL+ExjKDAT8HgczsQcNYyz/WeP25ejWJxTCKyvbxe8o
      98Ue9uz69NcMRB8ExiLnAun/HfXTI/5M0BzMHOBLFNPo6Rrr9MbI/P7nu/vl6uLn3AE0AgkucAYyJisT42HZD9n/EUDfSBsWMCosCRkD3wDx
      wPOiJNPmE+v81/O65vMLGPzeAvj/4uAE8vrryaXtBubcqu0D0ffnFQ3ZGytVMx5BTep/OBIIOQvsLAgoTCsqSlFa9AAmDSAj5eYTAP8RBRcH
      0gj1/PgsB+sxBfcMFkcY8PgMB94YBAvpGvkFC/n+IP7++ezaANWK5+vD4O3k7fT1v+rW4+XrwOLP/gTk6uMQ/OwYIu4E9vMDF88Q8Rga/vL4
      +f//597+AgHrDsgP+/X58Q/oAO71Ah3o+xdANhNHM+xBOgwvKQv8RgtCOfgmKQYV7xgT+RwPAh4B7QP3ChzqBxHvIPLr9hsj9BMA8NoBFBvw
      /QgLEP4l+ewOCg0LCB/tSyNB/hUpJjo7TRJALB0zKg0+BRoWKyUgB/ogAQry7CPj6vHzCBnc8SP2++fhBAkZAvnnAzUK5gwY7Q0LAtfN6usN
      BuoB/twL/+C9w8zY4PT7xgD23uP+1fbx/PDN0PX+Bt/iEfkC/fv6BewmCe0Y9OYi3golH/4C
    `,
    ),
    weights(
      0.016494,
      `
      CxUuBNrwBv74AEcMEAIEEgMDCQwLCxf9FwwR/Bvp/O7tMRkN9/b4FgUCCgwEGf0OA/IIB/YkAvf/BgAE++8D/QX98RgB9vbv/eoU+OPm6vX0
      /unv1efF6un26tru8eD+9wL9/AYKBvQX/wzx/AoV6f8IA/Xy//bzCBvnBSfu0AXzA+/zGQcj7f32/PPu8g8H9fnj+/4LCfEU9TERBPgAGeT9
      7/QLDPcCCgPz7C3yFAz+++MNCBP08QAhDgD74AnO5wQSIPT9DywE1hPw+AcJKRL5FOn1/AAfBfPx9/Qk8Qnx8QX+7PTnF+cFCPD+7vL7BhE1
      3/b1NAMGCg70/gkUHwH+JPfnERj4BPv8MgrrAPb5ABMM9wIhEQcL8wb7AwgN/fQK5/UB8AP7Dhca3/0QCvIJDOTs+u3wITzyHub/3zb6K/IT
      GxcU6BopECkaJx0NGQzWCS4Ix/fwF+scKyID9Qj05fHo5Q0NBP4QEvbbD+4L+wwL9+EH+vPv6O/2CvT69vL18wYf8e714ewA/BTpFf4F+gT7
      5vbpEPsy8gAhBfjwCgEK9xAN5/4ND/v8IfcJJxIABe7hJgUEDAz/Cv4i+fUVBgYCDBQQCRLw8xkQGAPn/soCFBgRAOUF+A0GB+7mFwshCgof
      CAT9/Pvw+xLh8woNEPv8B/sU7eHu8PHu8N/79Q/pzu7e/ufq6bv58Nv89BIeCgAOJwgMCPoB+w0IGAAQ+A0J7wP45B8NCB346Az8+BAAMAEj
      DAjyG+ruARQJCRHOBQQpAfY3Bwv1B/TyAuIsBwkTEhXJ7AkmCvnS4g4A9fnz//33//Ic5vQJBPj+5e0b5f0DHAF/BRgQ8Q795i9H9AoK8f0s
      /wMtAgcaExIkH8T2HyUd9gAeGSj4FBAC+vb1++0Sy+wsBzHt+fPzEgoC7vcd+w8WIQnx7w747vQBNcLs9vri5v8D2BTu/O4UDQbx9ArDDPz/
      +QUV/ej9A/oA/fkEAwn/ChL2+hXqJPzr/8L4Aer4w/0Y3O389Pn6DuP8/uIaBvYN8ycc9wMHDPsWDwEeEP7sBBwX/Qj4+g/3Av0LFgkcCQ0H
      BigNAAEA+fjr/fnm6/758vPj8voE6/rx5fz0BvL+FuLz++glBPcD9g0U+w7uCPYR8RoNFfcK9OYD6wHu5/zt9uD54eq0Be719ujz+OwA7f76
      Avr1DATv7gXw9PQgAf4LC/npAhnv9gzrCQTd4f/99v8GEe4oEgL6C/L4/fsC2uvpAwflDOPk/O357t385u/37dPx7vLwAvMAAQAa9Qbk4tr7
      /QcG1v8S9gT53f/T3wwKAgob8w775hjyBiv65AXmI/H2AhQS9/L88PsI5ej0AfUB+PzqA+wD/fj7/fII+f4P8eL3APrz5xPw8vHsAffp+wbt
      6wH9BQDSAQr0+fEDAfYBCO4DAvj/9fgJCAr4CgjQ9Qkd+gP19wYTFw/9Fwb1FRf0APb/AwoF2CLSDQvyCOAAEwMM2/v/9/3+Af0KAvwBEfj9
      GgX00PwJ//AFQBTxBADwC/8QCO8W6d0E6u8b7ewD4/TD7NsdBdz5C+z//gT9/g4HGfz2+AHm7woUBA77CvoJDhH7BwLrDhbp5vMQEekHEfwt
      3wol8PD6AAkM8/77AA3q5QcXE+sd//DtA+EhBQHvA/bwAfIJ4sXo3/Hy+ATo3+7v9gDm9dD2A+3tMer1+v0OCNkZHgsw8AT5Cv4+3RYHA+M6
      8OneDurY8voD5xLv6OnjC/D/3LgH/eD8BRsVFhoMJgjh+9v9B/cF5PoOCQICCA31+gMYB/v1+w4N4Cz+FQkZEAj/FOQR6xv9ABUUGA0RDhES
      FCUJHA4aEhwKCiYUDh0cA/7+BP4E/P4PCggV+RPpHfz4/PEKBQMcCvca7AcOGegCD/oI6gD76wAD/xMK/Pv0Jhsn7wQo9wsnBCT8DyID9gkB
      CCMcC/Qh7wUT+xDq9Pr9G/DqA9zqCQXt8fv9A/chCPEG4NEELesb8xQF7uYG4+f+ACM3BRDlF/4sBu3iDPsjDDQg7QkH8vYiAhP/IQoYDfz2
      Bekn//cCBf357Pr2QfwJBf8NGwIWCPr5+jQM6P31HBUtCf79AQAU3yL2SPAAA/Ac9Q7m6fXm/uwA8ObZ5f7y8wj+7+MAAg37Ev8UCvPxA/kF
      +PglCP8OBv38/g30BBLg6vsc2QL3ARn9Cwcn6e7+/g8Q9gD1BwrbBhIW9PUt/gEc/+/59N8b8PQEBfn3DAYD/g77HA4R5gkFBwb+/wQSDgz6
      CQwN7P4MICz6ERMPFA0C/AAVAwwAAv8H+wca
    `,
    ),
    weights(
      0.003139,
      `
      2R+9Na/xTgQaFzv9MSl8/Q3m8xfx/WL/MkH1R1xYK1hQfwY4TFlv69VQPzlMTOMm2Dc7Mzr180nNyPPCGEu9D1PGRd2tvx0w2R+9Na/xTgQa
      Fzv9MSl8/Q3m8xfx/WL/MkH1R1xYK1hQfwY4TFlv69VQPzlMTOMm4jdmI0UCEEnOwtG9F0+0+z2yRuitxB8i
    `,
    ),
    weights(
      0.022688,
      `
      E+36IPoNyfcZKgAJ9AH89ufhIgL940vs5f8K+BIBG/8pAPMF9gENDwb3+gYEFfMG8AXx5vT+Dd3o9BjwQPfwBeL/BQbv5wX62QL1xie17+kP
      9B4AKgMU0Pb8OfQEERYGC/cFBxkH3yQqJQHs7/AIEfcH2P/yGPMTF+wGbMYb1+UL+e0N/TP67wO17/j59v4E7P4V4f3uM/n8+xnyMAfwEgUj
      ISXmBCPx/An93eEIAQsK9RzuJwwGFgf49/QFBfUcIP0BmrcnAgn3DR4ML9r/KQv91/QO6NMGGRsTGfUS1SQHGtQHv/QDAAL67Af9AwwOCAX3
      J8/w7OLv0yoFKfj31ffEAgQNCfwDHPwNGf/+yfDuGCcFAOP0/Pro+QgACewEERwMBv/t+vsU+vQJ7wwQ7Qj07Qr7FO0ECQ8ZAvPr4CoKFw/4
      HhYT/AQE9AQAIPoS4P0O8vb37+r07vIW8ukJ+xTk8PwP+/D4rhjr7D4OL5/p8i3+EgASJAHjGhcI6vfpBgT24+zY/+079gn1L+8L/fjmF/X2
      FgIwFwgR8c/r1vL0DfwQAfb/C/z5DP4Q6QIH/eP5NcT4KPIK3dQCGCISEAztEfgHCA8NEev2FQcnCQnqEAr/9gvxCd4I8gMC7ADpEgz89rTb
      K97m0A4DEeID7AUQDfsE5QXo8Of9SB8O97zi1zoI+AD31u/nxAAHC+L1BhTv1e0PEu0UCQMCFRX+GBX63PYMCQYIJfr/sxH6zfQwUiTyHOkB
      Fw/w/fn7+d4a9UKiFRfy9wEK4x/89/TLy/vaQoECODTs4sr16f4UAAcS/O8M7gX1B/z3Df4HAPUHBy0w9jn97p76CQMBBwLt5v8J0x/83A7/
      39f75And9Ov48AkW/PH26AbnD+wN/xDkHDTMKPMN7zHQEhbw6xj49doAEvL+7Arj7EEQ7ev46AATDOcJ9hQY+RHp8zIG990i7U/V8hr6DwH1
      +hf4Gu4CBhEbA/nuBy32+CYY6OsJBvLe+xgK+foA8Pb1ECYE9gb/C+nYz+0vACn3/iwDNM/wDRfz+9ceA+YVA+kAF+0cDBAf9dL59fkZEgrq
      AQb6CzPj70lbQ877Ps79yBMCPha5+Pu76v4ADu4BBfHSGxsIBBMJDAn0DwDk+M8B9t7x/QUCD9Yz+v4K+OL9Au0P6RkC9QUM+h4N5fzqEkT2
      CxHo5TP2+hn2EBn61dYV8PUOCfUM6ef6+u0R6fX/8PQB7u4Q9Pjd+vMU9P777ckq8R4fD9b6JyjwCRjlNAfcLBYH7Ab+9RvfAPPm9QYB6f0G
      7vUC5tgM/gkA/P4CThoBEbr5wNf+V/AM8/7RINPQDA8V1QsD/RUIGOz18O0I+eH7CPjj/yHzDOcA7hQFC+QGBgIHCPESBgL8HAL1CvDs9wcF
      BAIKC6bc9ujxNwbVzvjv/vQH8SI+Cx768Arg/vEMOiMX4fA2DRH4Bj3j4sHM1eUCEegPATHw7OMb9/ALAusH+CDyFODx3AYNDBLmEQoryQDy
      6QgIF/8K+dLw+U0c/cwH6QH0
    `,
    ),
    weights(0.003245, "f+fMcUIYXHIpdXnBbyACS+JRBgD3NyYy"),
    weights(
      0.021274,
      `
      6PDW3N/qGRzT5PoYCeoQGQUJ7/n/+xi7wwxCD9MTIvPt/NnwC/GB2lg3xSCz18Xl4/gD7+nt483c8x8pKQoiAuThB+8C4P/rBjTro+FAIfjj
      6tP7++oM6QkG7AoZCOsh+O8H7+jp6AQnIgQPJPm/uOH8EeniAhQi+aT1CBguAxPt/iD48+j/+N/Zx/Dt5xob4+ji1vPqMgn/5M3Q4d4zSe73
      4Oj09ScF+SI2/cv13w4K//8DDff18fsGBgv3CQEH8+MX6ejzExUDKSId1r7b/s+/9NHb2qS+5/4MFRf6+dIA6Brl+uICFOffzQRDFt0R/uL1
      +OnoFfkq99z0FNXrE/UHFADs+xVCCCvF3d71vKfe88n96f4gQQj/3u4XJQHH8+Xj9+Luyhgn8C/05PII/AXx2v7oCcwjNIr5QRyTtTz78wD6
      9gEC6g799+fb+BAJ6fYj7fvp9vPe3QMC+xgAAADl1Prd5cMTHhXzKO4JI/b+5iL99P0c4fILB+Xktvgr
    `,
    ),
    weights(0.003062, "q7dArLq5by4w1BV/Xcf+HQ=="),
  ];
const SCALE = 2.9717; // how sharply attention looks, learned
const UNITS = 24;
const WIDE = 12;
const TOKENS = 16;
const [START, END] = [1, 2];
const TASKS = { "reverse:": 3, "next:": 4 };
const LONGEST = 6;
const spell = (token) => (token === END ? "end" : token >= 6 ? String.fromCharCode(91 + token) : "?");

const squash = (x) => 1 / (1 + Math.exp(-x));

/** One step of a GRU with its table of rows, weights from the input, from the memory, and biases. */
function step(memory, token, rows, input, state, bias) {
  const row = rows.subarray(token * WIDE, token * WIDE + WIDE);
  const [inner, outer] = [new Float32Array(3 * UNITS), new Float32Array(3 * UNITS)];
  for (let j = 0; j < 3 * UNITS; j++) {
    inner[j] = bias[j];
    outer[j] = bias[3 * UNITS + j];
    for (let i = 0; i < WIDE; i++) inner[j] += row[i] * input[i * 3 * UNITS + j];
    for (let i = 0; i < UNITS; i++) outer[j] += memory[i] * state[i * 3 * UNITS + j];
  }
  return memory.map((old, j) => {
    const keep = squash(inner[j] + outer[j]);
    const reset = squash(inner[UNITS + j] + outer[UNITS + j]);
    return keep * old + (1 - keep) * Math.tanh(inner[2 * UNITS + j] + reset * outer[2 * UNITS + j]);
  });
}

const softmax = (scores) => {
  const highest = Math.max(...scores);
  const grown = scores.map((score) => Math.exp(score - highest));
  const total = grown.reduce((a, b) => a + b, 0);
  return grown.map((value) => value / total);
};
const dense = (values, weights, bias, wide) =>
  Array.from({ length: wide }, (_, j) =>
    values.reduce((sum, value, i) => sum + value * weights[i * wide + j], bias[j]),
  );

/**
 * Write greedily; returns for each written token its probability and how its attention is shared among the source
 * tokens.
 */
export function write(source) {
  let memory = new Float32Array(UNITS);
  const values = source.map((token) => (memory = step(memory, token, READ, READ_IN, READ_STATE, READ_BIAS)));
  const rows = [];
  let token = START;
  while (rows.length <= LONGEST && token !== END) {
    memory = step(memory, token, WRITE, WRITE_IN, WRITE_STATE, WRITE_BIAS);
    const weights = softmax(values.map((value) => SCALE * value.reduce((sum, part, i) => sum + part * memory[i], 0)));
    const found = Float32Array.from({ length: UNITS }, (_, i) =>
      values.reduce((sum, value, at) => sum + weights[at] * value[i], 0),
    );
    const mixed = dense([...memory, ...found], MIX, MIX_BIAS, UNITS).map((value) => Math.max(0, value));
    const chances = softmax(dense(mixed, LAST, LAST_BIAS, TOKENS));
    token = chances.indexOf(Math.max(...chances));
    rows.push({ token, chance: chances[token], weights });
  }
  return rows;
}

/** What the exact rule says. */
export const rule = (task, letters) =>
  task === "reverse:"
    ? [...letters].reverse().join("")
    : [...letters].map((letter) => (letter === "j" ? "a" : String.fromCharCode(letter.charCodeAt(0) + 1))).join("");

export function mount(stage) {
  let task = "reverse:";
  let shown = 99;
  const name = `attention-${Math.random().toString(36).slice(2)}`;
  const field = html("input", {
    class: "att-field",
    type: "text",
    maxlength: LONGEST,
    value: "badge",
    autocapitalize: "off",
    autocomplete: "off",
    spellcheck: "false",
    oninput: () => {
      field.value = field.value.toLowerCase().replace(/[^a-j]/g, "");
      again();
    },
  });
  const choices = html(
    "fieldset",
    { class: "fig-choices" },
    html("legend", { class: "fig-label" }, "Task"),
    ...Object.keys(TASKS).map((value) =>
      html(
        "label",
        {},
        html("input", {
          type: "radio",
          name,
          value,
          checked: value === task,
          onchange: () => {
            task = value;
            again();
          },
        }),
        ` ${value}`,
      ),
    ),
  );
  const table = html("table", { class: "att-table" });
  const scroll = html(
    "div",
    { class: "att-scroll", tabindex: "0", role: "region", "aria-label": "Attention, scrolls sideways" },
    table,
  );
  const turns = html("div", { class: "fig-controls" });
  const verdict = html("p", { class: "fig-verdict" });
  const live = readout();
  stage.append(
    html(
      "div",
      { class: "fig fig-attention" },
      html(
        "div",
        { class: "att-row" },
        choices,
        html("label", { class: "tok-label" }, html("span", { class: "fig-label" }, "Letters a to j"), field),
      ),
      turns,
      scroll,
      verdict,
      live,
    ),
  );

  const level = (weight) => (weight > 0.6 ? 4 : weight > 0.3 ? 3 : weight > 0.12 ? 2 : weight > 0.04 ? 1 : 0);

  /** The input has changed: write anew and offer as many steps as there are tokens. */
  function again() {
    const source = [TASKS[task], ...[...field.value].map((letter) => letter.charCodeAt(0) - 91)];
    const rows = write(source);
    shown = rows.length;
    turns.replaceChildren(
      slider({
        label: "Tokens written",
        min: 1,
        max: rows.length,
        step: 1,
        value: rows.length,
        show: (value) => `${value} of ${rows.length}`,
        hear: (value) => {
          shown = value;
          draw(rows);
        },
      }),
    );
    draw(rows);
  }

  function draw(rows) {
    const heads = [task, ...field.value];
    table.replaceChildren(
      html(
        "thead",
        {},
        html(
          "tr",
          {},
          html("th", { scope: "col" }, "writes"),
          ...heads.map((head) => html("th", { scope: "col" }, head)),
        ),
      ),
      html(
        "tbody",
        {},
        ...rows
          .slice(0, shown)
          .map(({ token, weights }) =>
            html(
              "tr",
              {},
              html("th", { scope: "row" }, spell(token)),
              ...weights.map((weight) =>
                html("td", { class: `att-${level(weight)}` }, number(weight).replace(/^0/, "")),
              ),
            ),
          ),
      ),
    );
    const answer = rows
      .filter(({ token }) => token !== END)
      .map(({ token }) => spell(token))
      .join("");
    const wanted = rule(task, field.value);
    const right = answer === wanted && rows.at(-1).token === END;
    verdict.className = `fig-verdict ${right ? "fig-good" : "fig-bad"}`;
    verdict.textContent = right
      ? `✓ ${task} ${field.value} → ${answer}`
      : `✕ ${task} ${field.value} → ${answer}, but the rule says ${wanted}`;
    const { token, weights, chance } = rows[shown - 1];
    const best = weights.indexOf(Math.max(...weights));
    live.textContent =
      `Token ${shown}: it writes “${spell(token)}” with probability ${number(chance)} and ` +
      `looks most at “${heads[best]}” (place ${best + 1}, weight ${number(weights[best])}).`;
  }

  again();
  return () => stage.replaceChildren();
}
